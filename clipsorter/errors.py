"""Everything that can go wrong in a way a person can act on.

    ClipSorterError
    ├── FolderError            a folder or file that was named cannot be used
    ├── CategoryError          the category list cannot be used
    │   └── UnknownWordsError  the model knows no word of a category
    ├── QueryError             a search phrase cannot be understood (knows the position)
    ├── DecodeError            one file is not a photo we can read
    ├── ModelError
    │   ├── UnknownModelError  no model of that name
    │   ├── ModelFilesError    weights are missing, damaged or not the expected ones
    │   ├── NeedsTorchError    this installation leaves out what the model needs
    │   ├── DownloadError      a model could not be fetched; what came so far is kept
    │   └── EncoderDiedError   the encoder process ended and could not be revived
    ├── StoreError             the data folder cannot be used
    │   ├── StoreBusyError     another ClipSorter works on it
    │   ├── StoreTooNewError   written by a newer version
    │   └── StoreDamagedError  not readable as ours; says what can be done
    │       └── CacheDamagedError  what can be computed again was put aside and begun anew
    ├── FilingError            sorting real files or writing tags stopped, nothing was lost
    └── ShardsError            what a cluster wrote cannot be used

A ``ClipSorterError`` carries one sentence for the person and no traceback is shown. Whatever else is raised is a bug
and goes to the log with its traceback. Cancelling is neither: a cancelled generator is simply closed.
"""

from pathlib import Path
from typing import Literal


class ClipSorterError(Exception):
    """Base of all errors with a sentence for the person; ``str(error)`` is that sentence."""


class FolderError(ClipSorterError):
    """A folder or file that was named cannot be used."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


class CategoryError(ClipSorterError):
    """The category list cannot be used."""


class UnknownWordsError(CategoryError):
    """The model knows no word of a category, so only a person's decisions can fill it."""


QueryProblem = Literal[
    "open quote",
    "nothing named",
    "weight range",
    "weighted unwanted",
    "weighted condition",  # about: the field
    "unknown state",  # about: the states there are
    "date form",
    "range ends",
    "range backwards",
    "no such day",  # about: the day as it was typed
    "no such photo",  # about: the name
    "cancelling terms",
    "dates unknown",
    "condition unknown",  # about: the field
    "unknown words",  # about: the words
]


class QueryError(ClipSorterError):
    """A search phrase cannot be understood; ``position`` is the offending character, counted from 0.

    ``problem`` and what it is ``about`` say the same as the sentence, for those who speak another language.
    """

    def __init__(self, sentence: str, position: int, problem: QueryProblem, about: str = "") -> None:
        super().__init__(sentence)
        self.position = position
        self.problem = problem
        self.about = about


class DecodeError(ClipSorterError):
    """One file is not a photo we can read.

    ``refused`` means that we would not try (again): it is over a limit, or its reader broke.
    """

    def __init__(self, path: Path, sentence: str, *, refused: bool = False) -> None:
        super().__init__(sentence)
        self.path = path
        self.refused = refused


class ModelError(ClipSorterError):
    """A model cannot be used."""


class UnknownModelError(ModelError):
    """No model of that name is known or installed."""


class ModelFilesError(ModelError):
    """The files of a model are missing, damaged or not the expected ones."""


class NeedsTorchError(ModelError):
    """This installation comes without PyTorch, which the model or the device needs."""


class DownloadError(ModelError):
    """A model could not be fetched. What came so far is kept and the next try goes on there."""


class DeviceLostError(ModelError):
    """The graphics card answers this process no more: a fault, a driver, a machine that slept. Another one may work."""


class EncoderDiedError(ModelError):
    """The encoder process ended while working and a second attempt ended the same way."""


class StoreError(ClipSorterError):
    """The data folder or a database in it cannot be used."""


class StoreBusyError(StoreError):
    """Another running ClipSorter is using this data folder."""


class StoreTooNewError(StoreError):
    """A database was written by a newer ClipSorter."""


class StoreDamagedError(StoreError):
    """A database cannot be read as ours; ``snapshot`` is the copy that can be restored, if there is one."""

    def __init__(self, sentence: str, snapshot: Path | None = None) -> None:
        super().__init__(sentence)
        self.snapshot = snapshot


class CacheDamagedError(StoreDamagedError):
    """What can be computed again was found damaged while it was used. It is put aside: the next use begins anew."""


class FilingError(ClipSorterError):
    """Sorting files or writing tags stopped. Nothing was overwritten and nothing was lost."""


class ShardsError(ClipSorterError):
    """What a cluster wrote is damaged, changed, not ours, or of another model."""
