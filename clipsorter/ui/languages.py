"""The person's language: our own words and Qt's, Chinese where the system is Chinese, else English."""

import logging
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from clipsorter.ui.resource_files import resource_file

logger = logging.getLogger(__name__)

# Without a hint, fontconfig may draw Chinese text with Japanese or Korean glyphs.
CHINESE_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei")
# Remembered here, because PySide makes the classes of all children of an application when one of them is looked for.
_installed: list[QTranslator] = []


def speak(language: str, app: QApplication) -> str:
    """Install translations for "system", "en" or "zh_CN" in place of others; returns the language spoken.

    Widgets that exist keep their words: call it before any is made, or make them anew.
    """
    _forget_translations(app)
    locale = QLocale.system() if language == "system" else QLocale(language)
    spoken = "zh_CN" if locale.language() == QLocale.Language.Chinese else "en"
    if locale.language() not in {QLocale.Language.Chinese, QLocale.Language.English}:
        locale = QLocale("en")  # dates and numbers in the language of the words around them
    QLocale.setDefault(locale)
    _install_ours(spoken, app)
    if spoken == "zh_CN":
        _install_qts(app)
    font = QFont(app.font())
    plain = [family for family in font.families() if family not in CHINESE_FONTS]
    font.setFamilies([*plain, *(CHINESE_FONTS if spoken == "zh_CN" else ())])
    if font != app.font():
        app.setFont(font)
    return spoken


def speaks_chinese() -> bool:
    """Whether the window speaks Chinese now; else English."""
    return QLocale().language() is QLocale.Language.Chinese


def join_sentences(sentences: Iterable[str]) -> str:
    """One text of those that are not empty; Chinese puts no space between sentences."""
    return ("" if speaks_chinese() else " ").join(filter(None, sentences))


def _forget_translations(app: QCoreApplication) -> None:
    for translator in _installed:
        app.removeTranslator(translator)
        translator.deleteLater()
    _installed.clear()


def _install(translator: QTranslator, app: QCoreApplication) -> None:
    app.installTranslator(translator)
    _installed.append(translator)


def _install_ours(spoken: str, app: QCoreApplication) -> None:
    # English has a file too: it holds the plural forms.
    translator = QTranslator(app)
    path = resource_file("translations", f"clipsorter_{spoken}.qm")
    if translator.load(str(path)):
        _install(translator, app)
    else:
        logger.warning("The translation %s is missing", path.name)


def _install_qts(app: QCoreApplication) -> None:
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        _install(translator, app)
