"""The sheets that are about the program and not about photos; each is imported when it is first wanted."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from clipsorter.ui.jobs import Lane

if TYPE_CHECKING:
    from clipsorter.library.settings import Settings
    from clipsorter.ui.main_window import MainWindow
    from clipsorter.ui.models.work import ModelWork
    from clipsorter.ui.settings_dialog import SettingsDialog

SETTINGS_SHEET = "settings"  # the settings dialog's object name


class Sheets:
    """Opens them over the main window, whose settings they change. GUI thread."""

    def __init__(self, window: MainWindow, data_folder: Path) -> None:
        self._window = window
        self._data_folder = data_folder

    def show_settings(self) -> SettingsDialog:
        from clipsorter.ui.settings_dialog import SettingsDialog  # noqa: PLC0415

        siblings = self._window.session.siblings if self._window.has_session else ()
        dialog = SettingsDialog(self._window.settings, self._data_folder, self._window, siblings=siblings)
        dialog.setObjectName(SETTINGS_SHEET)
        dialog.changed.connect(self._window.apply_settings)
        dialog.cutoffs_reset.connect(self._reset_cutoffs)
        dialog.models_wanted.connect(dialog.close)
        dialog.models_wanted.connect(self.show_models)
        dialog.open()
        return dialog

    def show_settings_again(self) -> None:
        """In another language, with the keyboard where the person was."""
        self.show_settings().language.setFocus()

    @cached_property
    def model_work(self) -> ModelWork:
        """Downloads models; it outlives the sheet that shows it."""
        from clipsorter.ui.models.work import ModelWork  # noqa: PLC0415

        return ModelWork(self._data_folder / "models", self._window)

    def show_models(self, first: str = "") -> None:
        """``first``: the model that is in view at once."""
        from clipsorter.ui.models.dialog import ModelsDialog  # noqa: PLC0415

        dialog = ModelsDialog(self._window.settings, self.model_work, self._window, first=first)
        dialog.changed.connect(self._apply_models)
        dialog.forgotten.connect(
            lambda encoder: self._window.session.lend(Lane.SAVE, lambda engine: engine.forget_embeddings(encoder))
        )
        dialog.open()

    def show_keys(self) -> None:
        from clipsorter.ui.keys_dialog import KeysDialog  # noqa: PLC0415

        KeysDialog(self._window.panels.actions.key_groups(), self._window).open()

    def show_bug_details(self, trace: str) -> None:
        from clipsorter.ui.bug_dialog import BugDialog  # noqa: PLC0415 - the engine comes along

        BugDialog(trace, self._data_folder, self._window).open()

    def show_about(self) -> None:
        from clipsorter.ui.about import AboutDialog  # noqa: PLC0415

        AboutDialog(self._window.settings.model, self._window).open()

    def close_all(self) -> bool:
        """True when the settings were among those that were open."""
        open_ones = self._window.findChildren(QDialog)
        for sheet in open_ones:
            sheet.close()
        return any(sheet.objectName() == SETTINGS_SHEET for sheet in open_ones)

    def close(self) -> None:
        """End downloads."""
        if "model_work" in self.__dict__:
            self.model_work.close()

    def _apply_models(self, settings: Settings) -> None:
        """The sheet of the models chooses these; all else is as it is now."""
        chosen = {name: getattr(settings, name) for name in ("model", "mirror", "proxy")}
        self._window.apply_settings(replace(self._window.settings, **chosen))

    def _reset_cutoffs(self) -> None:
        self._window.session.reset_cutoffs()  # made only now: to open the settings opens no data folder
