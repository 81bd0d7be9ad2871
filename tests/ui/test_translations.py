"""No string is left untranslated, and the compiled files are those of the sources."""

import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

import clipsorter.ui
from clipsorter.ui.languages import speak

FOLDER = Path(str(files("clipsorter.resources") / "translations"))
UI = Path(clipsorter.ui.__path__[0])
SOURCES = sorted(UI.rglob("*.py"))
LUPDATE = Path(sys.executable).parent / "pyside6-lupdate"

Message = tuple[str, str, str]  # context, source, comment


def read(path: Path) -> dict[Message, list[str]]:
    """Translations by message; an unfinished one is empty."""
    found = {}
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            key = (context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""))
            found[key] = [""] if translation.get("type") == "unfinished" else forms
    return found


def extract(language: str, folder: Path) -> Path:
    """The translation file as it would be after one more look at the sources."""
    path = folder / f"clipsorter_{language}.ts"
    shutil.copy(FOLDER / path.name, path)
    plural = ["-pluralonly"] if language == "en" else []
    names = [source.relative_to(UI) for source in SOURCES]
    command = [LUPDATE, *names, "-ts", path, "-no-obsolete", "-locations", "none", "-silent", *plural]
    subprocess.run(command, check=True, cwd=UI, timeout=60)
    return path


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_string_of_the_window_is_translated(language: str, tmp_path: Path) -> None:
    messages = read(extract(language, tmp_path))
    assert len(messages) >= 10
    missing = [message for message, forms in messages.items() if not all(forms)]
    assert missing == []


def said_in(source: Path) -> set[str]:
    """What a module says with ``self.tr("...")``."""
    calls = (node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "tr"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_nothing_is_said_where_it_is_not_looked_for(tmp_path: Path) -> None:
    """``lupdate`` does not look into f-strings, so that a string in one stays English without a complaint."""
    known = {source for _, source, _ in read(extract("zh_CN", tmp_path))}
    said = {source.name: said_in(source) - known for source in SOURCES}
    assert sum(len(said_in(source)) for source in SOURCES) > 100
    assert {name: words for name, words in said.items() if words} == {}


def test_translations_keep_their_placeholders() -> None:
    for (_, source, _), forms in read(FOLDER / "clipsorter_zh_CN.ts").items():
        for form in forms:
            for mark in ("{}", "%n", "%Ln", "{name}", "{percent}", "{file}"):
                assert source.count(mark) == form.count(mark), f"{source!r} -> {form!r}"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_compiled_file_says_what_the_source_says(qapp: QApplication, language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"clipsorter_{language}.qm"))
    for (context, source, comment), forms in read(FOLDER / f"clipsorter_{language}.ts").items():
        count = 1 if "%n" in source or "%Ln" in source else -1
        assert translator.translate(context, source, comment or None, count) == forms[0]


def test_chinese_covers_our_words_and_qts(quiet_application: QApplication) -> None:
    assert speak("zh_CN", quiet_application) == "zh_CN"
    assert QCoreApplication.translate("SidePanel", "Unsorted") == "未分类"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("LearningStrip", "%Ln move(s) learned.", "", 1200) == "已学习 1,200 次移动。"


def test_english_has_plurals(quiet_application: QApplication) -> None:
    assert speak("en", quiet_application) == "en"
    said = [QCoreApplication.translate("Footer", "%Ln file(s) could not be read", "", number) for number in (1, 4000)]
    assert said == ["1 file could not be read", "4,000 files could not be read"]
