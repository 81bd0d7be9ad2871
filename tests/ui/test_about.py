"""The sheet that says what this program is."""

from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from clipsorter import __version__
from clipsorter.ui.about import AboutDialog
from clipsorter.ui.languages import speak


def test_version_model_news_and_notices_are_shown(qtbot: QtBot) -> None:
    dialog = AboutDialog("ViT-B-32/laion2b")
    qtbot.addWidget(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert __version__ in words
    assert "ViT-B-32/laion2b" in words
    [news] = dialog.findChildren(QTextBrowser)
    assert __version__ in news.toPlainText()
    notices = [sheet.toPlainText() for sheet in dialog.findChildren(QPlainTextEdit)]
    assert any("PySide6_Essentials" in text and "LGPL-3.0" in text for text in notices)


def test_the_news_are_told_in_chinese(qtbot: QtBot, quiet_application: QApplication) -> None:
    speak("zh_CN", quiet_application)
    dialog = AboutDialog("starter")
    qtbot.addWidget(dialog)
    [news] = dialog.findChildren(QTextBrowser)
    assert "首个版本" in news.toPlainText()
    assert __version__ in news.toPlainText()
    assert any("留在这台电脑上" in label.text() for label in dialog.findChildren(QLabel))
