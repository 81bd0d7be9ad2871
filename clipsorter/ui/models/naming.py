"""What people call a model."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from clipsorter.encoders.catalogue import find_entry

STARTER = "starter"


def name_model(model: str) -> str:
    """A model of the settings: the starter model, one of the catalogue, the name of its folder, or its own name."""
    if model == STARTER:
        return QCoreApplication.translate("ModelNames", "Starter model")
    known = find_entry(model)
    if known is not None:
        return known.name
    return Path(model).name if Path(model).is_absolute() else model
