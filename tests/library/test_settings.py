import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.errors import StoreError
from clipsorter.library.settings import LARGEST_CELL, SMALLEST_CELL, Settings, load_settings, save_settings

CHOSEN = Settings("zh_CN", "dark", "ViT-B-32", "cpu", 200, "AdnQywAD", (Path("/photos/private"), Path("/相册")))


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save_settings(tmp_path / "settings.json", CHOSEN)
    assert load_settings(tmp_path / "settings.json") == CHOSEN
    assert [file.name for file in tmp_path.iterdir()] == ["settings.json"]


def test_without_a_file_all_is_default_and_no_file_is_made(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()
    assert list(tmp_path.iterdir()) == []


def test_nonsense_is_replaced_value_by_value(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "xx", "theme": ["dark"], "cell_size": true, "model": "", "excluded": ["/a", 3, ""]}')
    assert load_settings(path) == Settings(excluded=(Path("/a"),))
    path.write_text('{"cell_size": 100000, "theme": "dark", "geometry": null}')
    assert load_settings(path) == Settings(cell_size=LARGEST_CELL, theme="dark")
    path.write_text('{"cell_size": -1}')
    assert load_settings(path).cell_size == SMALLEST_CELL


def test_the_models_before_are_the_latest_ones_without_the_chosen_one(tmp_path: Path) -> None:
    settings = Settings()
    for model in ("a", "b", "a", "c", "d"):
        settings = replace(settings, model=model).following(settings)
    assert (settings.model, settings.models_before) == ("d", ("c", "a", "b"))
    path = tmp_path / "settings.json"
    save_settings(path, settings)
    assert load_settings(path) == settings
    path.write_text('{"model_before": "a"}')
    assert load_settings(path).models_before == ("a",)
    path.write_text('{"models_before": {"a": 1}}')
    assert load_settings(path).models_before == ()


def test_keys_of_a_newer_version_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "light", "from_the_future": {"a": 1}}')
    save_settings(path, CHOSEN)
    assert json.loads(path.read_text())["from_the_future"] == {"a": 1}
    assert load_settings(path) == CHOSEN


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[1]", b"[" * 100_000])
def test_a_file_that_is_no_settings_is_put_aside_not_lost(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert path.read_bytes() == content
    save_settings(path, CHOSEN)
    assert load_settings(path) == CHOSEN
    assert path.with_name("settings.json.unreadable").read_bytes() == content


def test_settings_that_cannot_be_saved_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be saved"):
        save_settings(tmp_path / "gone" / "settings.json", CHOSEN)
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(StoreError, match="cannot be saved"):
        save_settings(tmp_path / "settings.json", CHOSEN)
    assert [file.name for file in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always Unicode")
def test_an_excluded_folder_that_is_not_unicode_survives(tmp_path: Path) -> None:
    odd = Settings(excluded=(Path(os.fsdecode(b"/photos/\xff")),))
    save_settings(tmp_path / "settings.json", odd)
    assert load_settings(tmp_path / "settings.json") == odd


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=4)


@given(stored=st.dictionaries(st.sampled_from([*Settings.__dataclass_fields__]), json_values))
def test_no_json_whatever_makes_loading_fail(
    tmp_path_factory: pytest.TempPathFactory, stored: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-settings.json"
    path.write_text(json.dumps(stored))
    loaded = load_settings(path)
    assert loaded.theme in ("system", "light", "dark")
    assert SMALLEST_CELL <= loaded.cell_size <= LARGEST_CELL
    assert all(isinstance(folder, Path) for folder in loaded.excluded)
