"""Sizes, times and reasons in the person's language.

``clipsorter.filing`` gives its reasons as English sentences, which also stand in journals and on the command line. A
sentence that is known here is said anew; one that is not stays as it is, because any reason is better than none.
"""

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QDateTime, QLocale

from clipsorter.ui.sentences import say_anew

# English as filing writes it; "{}" stands for a name or for what the system said.
_SENTENCES = (
    QT_TRANSLATE_NOOP("FilingWords", "your decision"),
    QT_TRANSLATE_NOOP("FilingWords", "{} sure"),
    QT_TRANSLATE_NOOP("FilingWords", "similarity {}"),  # of plans before 0.2.0
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is no longer there."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” has changed since the plan was made."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” has changed since it was looked at; index the folder again."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is a link or something else that is not a file."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” has no name of a photo; give it the right suffix first."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is not in the folder that is being sorted."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” leads out of the folder that is being sorted."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” belongs to “{}” and is not in the plan; make the plan again."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is a file or a link, so nothing can be sorted into it."),
    QT_TRANSLATE_NOOP("FilingWords", "Something else is named “{}” there since the plan was made."),
    QT_TRANSLATE_NOOP("FilingWords", "The copies need {} and the disk of “{}” has {} left."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: the disk is full."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: the disk is read-only."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: the disk is gone."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: the system does not allow it."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: the disk or the system does not allow it."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: hard links cannot lead to another disk."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: something else took its name there."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stays where it is: {}."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” was changed since."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is neither at its new nor at its old place."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” was moved since and another file stands at its old place."),
    QT_TRANSLATE_NOOP("FilingWords", "Another file stands at the old place of “{}”."),
    QT_TRANSLATE_NOOP("FilingWords", "The copy “{}” was changed since."),
    QT_TRANSLATE_NOOP("FilingWords", "The original of “{}” was changed or removed since, so the copy was kept."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” stands behind a link that was not there before."),
    QT_TRANSLATE_NOOP(
        "FilingWords",
        "These are more photos than can be taken back in one go. Sort fewer categories or folders at a time.",
    ),
    QT_TRANSLATE_NOOP("FilingWords", "The link “{}” or its original was changed since."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is not there; connect its disk or make the folder, then try again."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is a file; name a folder to sort into."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” is the root of a disk; choose a folder in it."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” could not be written: {}."),
    QT_TRANSLATE_NOOP("FilingWords", "“{}” {}; it was left as it is."),
)


def say_size(size: int) -> str:
    """ "3.4 MB", in steps of 1,000 as disks are sold."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def say_time(iso: str) -> str:
    """A moment (ISO 8601) in the person's own time zone and spelling; empty where it is none."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return ""
    local = QDateTime.fromSecsSinceEpoch(round(moment.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)


def say_reason(sentence: str) -> str:
    """A sentence of ``filing`` in the person's language."""
    return say_anew(sentence, _SENTENCES, "FilingWords") or sentence
