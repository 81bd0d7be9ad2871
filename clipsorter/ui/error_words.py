"""What went wrong, in the person's language and with what to do about it.

An error's own sentence, with the details, stays visible below.
"""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from clipsorter import errors
from clipsorter.encoders.offers import find_reader
from clipsorter.ui.detail_words import say_detail


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """An error as a person reads it."""

    title: str  # what happened
    advice: str  # what to do
    detail: str = ""  # the error's own sentence in the person's language, or empty
    model: str = ""  # id of a model that would help, or empty
    model_name: str = ""  # what people call it


def explain(error: Exception) -> ErrorWords:
    """Words for any exception. One that is not a ClipSorterError is a bug; its own text is for the log only."""
    title, advice = next((title, advice) for kind, title, advice in _dictionary() if isinstance(error, kind))
    detail = say_detail(str(error)) if isinstance(error, errors.ClipSorterError) else ""
    reader = find_reader(phrase) if (phrase := _unread_words(error)) else None
    return ErrorWords(title, advice, detail, reader.id, reader.name) if reader else ErrorWords(title, advice, detail)


def _unread_words(error: Exception) -> str:
    """What the model in use cannot read; empty for any other error."""
    if isinstance(error, errors.UnknownWordsError):
        return str(error)
    return error.about if isinstance(error, errors.QueryError) and error.problem == "unknown words" else ""


def _dictionary() -> tuple[tuple[type[Exception], str, str], ...]:
    """The most special type first: the first match speaks."""
    return (
        (
            errors.FolderError,
            QCoreApplication.translate("ErrorWords", "This folder cannot be used."),
            QCoreApplication.translate("ErrorWords", "Choose another one, or check that its disk is connected."),
        ),
        (
            errors.UnknownWordsError,
            QCoreApplication.translate("ErrorWords", "The model does not know these words."),
            QCoreApplication.translate("ErrorWords", "Name the category differently, or drag photos into it."),
        ),
        (
            errors.CategoryError,
            QCoreApplication.translate("ErrorWords", "The categories cannot be used like this."),
            QCoreApplication.translate("ErrorWords", "Change the names and try again."),
        ),
        (
            errors.QueryError,
            QCoreApplication.translate("ErrorWords", "This search cannot be understood."),
            QCoreApplication.translate("ErrorWords", "Try it in simpler words."),
        ),
        (
            errors.DecodeError,
            QCoreApplication.translate("ErrorWords", "A photo cannot be read."),
            QCoreApplication.translate("ErrorWords", "The other photos are not affected."),
        ),
        (
            errors.UnknownModelError,
            QCoreApplication.translate("ErrorWords", "This model is not on your computer."),
            QCoreApplication.translate(
                "ErrorWords", "Start ClipSorter without naming a model to use the built-in one."
            ),
        ),
        (
            errors.ModelFilesError,
            QCoreApplication.translate("ErrorWords", "The model's files are missing or damaged."),
            QCoreApplication.translate("ErrorWords", "Install ClipSorter again to repair them."),
        ),
        (
            errors.NeedsTorchError,
            QCoreApplication.translate("ErrorWords", "This installation has only the starter model."),
            QCoreApplication.translate(
                "ErrorWords",
                "Other models and graphics cards need PyTorch, which it leaves out. Install ClipSorter with pip to use "
                "them; your library stays as it is.",
            ),
        ),
        (
            errors.DownloadError,
            QCoreApplication.translate("ErrorWords", "The model could not be downloaded."),
            QCoreApplication.translate("ErrorWords", "What came so far is kept; the next try goes on from there."),
        ),
        (
            errors.DeviceLostError,
            QCoreApplication.translate("ErrorWords", "The graphics card has stopped answering."),
            QCoreApplication.translate(
                "ErrorWords",
                "What is done is kept. Look at the folder again; if this comes back, let the processor do the work "
                "(Settings).",
            ),
        ),
        (
            errors.EncoderDiedError,
            QCoreApplication.translate("ErrorWords", "Looking at photos stopped unexpectedly."),
            QCoreApplication.translate(
                "ErrorWords", "What is done is kept. Close other programs and look at the folder again."
            ),
        ),
        (
            errors.ModelError,
            QCoreApplication.translate("ErrorWords", "The model cannot be used."),
            QCoreApplication.translate("ErrorWords", "Choose another model."),
        ),
        (
            errors.StoreBusyError,
            QCoreApplication.translate("ErrorWords", "ClipSorter is already running."),
            QCoreApplication.translate("ErrorWords", "Use the window that is open, or close it and start again."),
        ),
        (
            errors.StoreTooNewError,
            QCoreApplication.translate("ErrorWords", "Your data was written by a newer ClipSorter."),
            QCoreApplication.translate("ErrorWords", "Update ClipSorter; nothing was changed."),
        ),
        (
            errors.CacheDamagedError,
            QCoreApplication.translate("ErrorWords", "What ClipSorter remembers of your photos was damaged."),
            QCoreApplication.translate(
                "ErrorWords", "Everything in it is computed anew. Your photos and decisions are not affected."
            ),
        ),
        (
            errors.StoreDamagedError,
            QCoreApplication.translate("ErrorWords", "ClipSorter's data file is damaged."),
            QCoreApplication.translate("ErrorWords", "Your photos are not affected."),
        ),
        (
            errors.StoreError,
            QCoreApplication.translate("ErrorWords", "ClipSorter's data folder cannot be used."),
            QCoreApplication.translate("ErrorWords", "Check free space and permissions. Your photos are not affected."),
        ),
        (
            errors.FilingError,
            QCoreApplication.translate("ErrorWords", "Sorting files stopped."),
            QCoreApplication.translate("ErrorWords", "Nothing was overwritten and nothing was lost."),
        ),
        (
            errors.ShardsError,
            QCoreApplication.translate("ErrorWords", "What the cluster wrote cannot be used."),
            QCoreApplication.translate("ErrorWords", "Write it again, or import it with the model that wrote it."),
        ),
        (
            MemoryError,
            QCoreApplication.translate("ErrorWords", "There is not enough memory."),
            QCoreApplication.translate("ErrorWords", "What is done is kept. Close other programs and try again."),
        ),
        (
            errors.ClipSorterError,
            QCoreApplication.translate("ErrorWords", "This did not work."),
            QCoreApplication.translate("ErrorWords", "Try it again."),
        ),
        (
            Exception,
            QCoreApplication.translate("ErrorWords", "Something unexpected went wrong."),
            QCoreApplication.translate(
                "ErrorWords", "Your photos are safe. If it happens again, please report it with the log."
            ),
        ),
    )
