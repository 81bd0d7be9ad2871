"""Why a file could not be read, in the person's language."""

from PySide6.QtCore import QCoreApplication

from clipsorter.photos.reasons import Reason, recognise


def say_reason(sentence: str) -> str:
    """A stored reason in the window's words; one that nobody here knows stays as it is."""
    known = recognise(sentence)
    if known is None:
        return sentence
    reason, about = known
    return _dictionary()[reason].format(*about)


def _dictionary() -> dict[Reason, str]:
    return {
        Reason.MEMORY: QCoreApplication.translate(
            "ReasonWords", "This photo needs more memory than is allowed for one."
        ),
        Reason.NO_IMAGE: QCoreApplication.translate(
            "ReasonWords", "This is not a picture that ClipSorter can read, whatever its name says."
        ),
        Reason.DAMAGED: QCoreApplication.translate("ReasonWords", "This picture is damaged or incomplete."),
        Reason.EMPTY: QCoreApplication.translate("ReasonWords", "This file is empty."),
        Reason.NOT_REGULAR: QCoreApplication.translate("ReasonWords", "This is no longer a regular file."),
        Reason.TOO_LARGE: QCoreApplication.translate("ReasonWords", "This file is larger than {} MB."),
        Reason.GONE: QCoreApplication.translate("ReasonWords", "This file is gone."),
        Reason.FORBIDDEN: QCoreApplication.translate("ReasonWords", "You have no permission to read this file."),
        Reason.DISK: QCoreApplication.translate("ReasonWords", "This file cannot be read from its disk ({})."),
        Reason.PIXELS: QCoreApplication.translate(
            "ReasonWords", "This photo claims {} × {} pixels; up to {} million are read."
        ),
        Reason.HEIF_MISSING: QCoreApplication.translate(
            "ReasonWords", "HEIC photos need an optional part: install clipsorter[heif] to include them."
        ),
        Reason.RAW_MISSING: QCoreApplication.translate(
            "ReasonWords", "Camera raw photos need an optional part: install clipsorter[raw] to include them."
        ),
        Reason.VIDEO_MISSING: QCoreApplication.translate(
            "ReasonWords", "Videos need an optional part: install clipsorter[video] to include them."
        ),
        Reason.NO_VIDEO: QCoreApplication.translate(
            "ReasonWords", "This is not a video that ClipSorter can read, or it is damaged."
        ),
        Reason.TOO_SLOW: QCoreApplication.translate(
            "ReasonWords", "Reading this photo took longer than {} seconds, so it was given up."
        ),
        Reason.CRASHED: QCoreApplication.translate(
            "ReasonWords", "Reading this photo failed twice; it is probably damaged."
        ),
        Reason.FOLDER_FORBIDDEN: QCoreApplication.translate(
            "ReasonWords", "You have no permission to look into this folder."
        ),
        Reason.FOLDER_GONE: QCoreApplication.translate("ReasonWords", "This folder disappeared while it was read."),
        Reason.FOLDER_TROUBLE: QCoreApplication.translate("ReasonWords", "This folder cannot be read ({})."),
        Reason.ENTRY_FORBIDDEN: QCoreApplication.translate(
            "ReasonWords", "You have no permission to look at this file."
        ),
        Reason.ENTRY_GONE: QCoreApplication.translate(
            "ReasonWords", "This file disappeared while its folder was read."
        ),
        Reason.ENTRY_TROUBLE: QCoreApplication.translate("ReasonWords", "This file cannot be looked at ({})."),
    }
