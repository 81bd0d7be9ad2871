"""What errors say of themselves is said in Chinese too, wherever a person at the window can meet them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import clipsorter
from clipsorter import errors
from clipsorter.ui.detail_words import say_detail
from clipsorter.ui.error_words import explain
from clipsorter.ui.languages import speak

PACKAGE = Path(clipsorter.__path__[0])
# Where errors are raised that the window shows. Descriptions of models and category files written by hand are not
# among them: their details are for those who write such files, and stay as they are.
ROOMS = (
    *("photos", "library", "filing", "engine/category_text.py", "engine/category_sets.py", "engine/restoring.py"),
    *("engine/diagnosis.py", "encoders/process.py", "encoders/torch_encoder.py", "ui/one_window.py"),
)
# Only the command line can ask for these.
FOR_THE_COMMAND_LINE = {"filing/plan_file.py", "filing/contact_sheet.py"}
SENTENCE_FOR_THE_COMMAND_LINE = "output of this very command"
BEGINNINGS = {"library/library.py": "“a” is damaged or was not written by ClipSorter"}  # of sentences made of two
ERRORS = {name for name in vars(errors) if name.endswith("Error")}


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence that an error is raised with, "{}" for what is filled in, and its file."""
    for room in ROOMS:
        place = PACKAGE / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            name = file.relative_to(PACKAGE).as_posix()
            if name in FOR_THE_COMMAND_LINE:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                    yield from ((words, name) for words in map(said, node.args) if " " in words)


def said(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


KNOWN = sorted({one for one in sentences() if SENTENCE_FOR_THE_COMMAND_LINE not in one[0]})


def test_the_sentences_are_found() -> None:
    assert len(KNOWN) > 50


@pytest.mark.parametrize(("sentence", "file"), KNOWN)
def test_a_sentence_is_said_in_chinese(quiet_application: QApplication, sentence: str, file: str) -> None:
    beginning = BEGINNINGS.get(file, "xyzzy0") if sentence.startswith("{}") else "xyzzy0"
    rest = (f"xyzzy{number}" for number in range(1, sentence.count("{}")))
    filled = sentence.format(beginning, *rest)
    speak("zh_CN", quiet_application)
    chinese = say_detail(filled)
    assert any(character > "\u4e00" for character in chinese), f"{file}: {sentence}"
    for number in range(1, sentence.count("{}")):
        assert f"xyzzy{number}" in chinese


def test_an_error_is_explained_in_one_language(quiet_application: QApplication) -> None:
    speak("zh_CN", quiet_application)
    words = explain(errors.FolderError(Path("/gone"), "There is no folder /gone."))
    assert words.detail == "文件夹 /gone 不存在。"


def test_a_reason_inside_an_error_is_said_anew(quiet_application: QApplication) -> None:
    speak("zh_CN", quiet_application)
    assert say_detail("“a.jpg” is no longer there.") == "“a.jpg”已不存在。"


def test_an_unknown_sentence_stays(qapp: QApplication) -> None:
    assert say_detail("The dog ate it.") == "The dog ate it."


def test_a_sentence_within_a_sentence_is_said_in_chinese_too(quiet_application: QApplication) -> None:
    sentence = (
        'The download stopped: the proxy "inside" cannot be found, perhaps because this computer is not connected to '
        "the internet. What is here is kept; try again later or use a mirror."
    )
    speak("zh_CN", quiet_application)
    said_anew = say_detail(sentence)
    assert "代理“inside”，" in said_anew
    assert not [word for word in said_anew.replace("inside", "").split() if word.isascii()]
