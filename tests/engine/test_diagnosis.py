"""The report that a person attaches: complete, and without a name."""

import json
import logging
import zipfile
from pathlib import Path

import pytest

from clipsorter.engine.diagnosis import versions, write_report
from clipsorter.errors import FolderError
from clipsorter.library.log import keep_log


def test_a_report_holds_facts_problems_and_logs_without_names(tmp_path: Path) -> None:
    with keep_log(tmp_path):
        logging.getLogger("clipsorter.test").warning("“%s” broke", "/home/anna/holiday.jpg")
    write_report(tmp_path / "r.zip", tmp_path, {"data folder": "/home/anna/secret"}, ["“/x/holiday.jpg” is bad."])
    with zipfile.ZipFile(tmp_path / "r.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) == {"report.json", "logs/clipsorter.log"}
    assert set(json.loads(texts["report.json"])) == {"facts", "problems"}
    assert "broke" in texts["logs/clipsorter.log"]
    assert not [name for name, text in texts.items() if "holiday" in text or "secret" in text or "anna" in text]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "r.zip").write_text("mine")
    with pytest.raises(FolderError, match="exists already"):
        write_report(tmp_path / "r.zip", tmp_path, {}, [])
    assert (tmp_path / "r.zip").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="cannot be written"):
        write_report(tmp_path / "none" / "r.zip", tmp_path, {}, [])


def test_versions_name_every_package() -> None:
    told = versions()
    assert told["torch"] != "missing"
    assert told["ClipSorter"]
