"""Why a photo stands where it stands, in sentences: what the engine took apart, put into words."""

from math import isfinite

from PySide6.QtCore import QCoreApplication, QLocale

from clipsorter.engine.explaining import Explained
from clipsorter.engine.vocabulary import read_vocabulary
from clipsorter.ranking.reasons import CategoryReason
from clipsorter.ui.languages import join_sentences

PLAIN_CHANGE = 0.005  # on the cosine: less than this nobody sees in two digits


def say_why(explained: Explained) -> str:
    """A few sentences, the most telling first; empty without categories."""
    if not explained.categories:
        return ""
    here = next((one for one in explained.categories if one.name == explained.bin), None)
    subject = here or explained.categories[0]
    sentences = [_verdict(explained, subject), *_measure(subject), *_obstacles(explained, subject), *_lesson(subject)]
    return join_sentences(sentences)


def _verdict(explained: Explained, subject: CategoryReason) -> str:
    if explained.decided:
        return QCoreApplication.translate("WhyWords", "You put it here. It teaches this category what you mean.")
    if explained.bin is None:
        if not isfinite(subject.cutoff) and subject.cutoff > 0:
            return QCoreApplication.translate("WhyWords", "The model does not know the words of your categories.")
        return QCoreApplication.translate("WhyWords", "It fits none of your categories well enough.")
    nearest = subject.phrases[0].phrase if subject.phrases else subject.name
    if nearest != subject.name:
        return QCoreApplication.translate("WhyWords", "It looks most like “{}”, one of the phrases of “{}”.").format(
            nearest, subject.name
        )
    return QCoreApplication.translate("WhyWords", "It looks most like “{}”.").format(subject.name)


def _measure(subject: CategoryReason) -> list[str]:
    if not isfinite(subject.cutoff):
        return []
    if subject.similarity >= subject.cutoff:
        words = QCoreApplication.translate(
            "WhyWords", "Its similarity to “{name}” is {similarity}, above the cut-off of {cutoff}."
        )
    else:
        words = QCoreApplication.translate(
            "WhyWords", "Its similarity to “{name}” is {similarity}, below the cut-off of {cutoff}."
        )
    return [words.format(name=subject.name, similarity=_number(subject.similarity), cutoff=_number(subject.cutoff))]


def _obstacles(explained: Explained, subject: CategoryReason) -> list[str]:
    sentences = []
    if subject.background is not None and explained.bin is None:
        words = QCoreApplication.translate("WhyWords", "“{}” describes it much better than “{}”.")
        sentences.append(words.format(_spoken(subject.background.phrase), subject.name))
    if subject.exclusion is not None:
        words = QCoreApplication.translate("WhyWords", "It looks like “{}”, which you keep out of “{}”.")
        sentences.append(words.format(subject.exclusion.phrase, subject.name))
    for one in explained.categories:
        if one.verdict == "no":
            words = QCoreApplication.translate("WhyWords", "You said that it does not belong to “{}”.")
            sentences.append(words.format(one.name))
    return sentences


def _lesson(subject: CategoryReason) -> list[str]:
    change = subject.similarity - subject.untaught
    if abs(change) < PLAIN_CHANGE:
        return []
    if change > 0:
        words = QCoreApplication.translate("WhyWords", "Your examples raised it from {before}.")
    else:
        words = QCoreApplication.translate("WhyWords", "Your examples lowered it from {before}.")
    sentences = [words.format(before=_number(subject.untaught))]
    telling = [pull for pull in subject.pulls if pull.pull * change > 0 and "." in pull.file]
    if telling:
        name = telling[0].file.rpartition("/")[2]
        words = QCoreApplication.translate("WhyWords", "“{}” counted most.")
        sentences.append(words.format(name))
    return sentences


def _spoken(phrase: str) -> str:
    """An everyday word in the person's language; any other phrase as it is."""
    language = QLocale().name()
    return next((word.name(language) for word in read_vocabulary() if word.english == phrase), phrase)


def _number(value: float) -> str:
    return QLocale().toString(value, "f", 2)
