"""What a log may say about a person's files: nothing but their kind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.redaction import redact

SECRETS = [
    "/home/anna/Photos/diagnosis.jpg",
    "/media/anna/disk one/Holiday 2024/IMG 1.JPG",
    "C:\\Users\\Anna\\Pictures\\diagnosis.heic",
    "\\\\nas\\family\\diagnosis.png",
    "~/diagnosis.webp",
    "/照片/诊断.jpg",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "sentence", ["[Errno 2] No such file or directory: '{}'", "“{}” cannot be read.", 'File "{}", line 3', "see {!r}"]
)
def test_a_quoted_path_leaves_only_its_kind(secret: str, sentence: str) -> None:
    told = redact(sentence.format(secret))
    for word in ("anna", "Anna", "diagnosis", "Holiday", "诊断", "照片", "family", "IMG"):
        assert word not in told
    assert Path(secret.replace("\\", "/")).suffix.lower() in told


def test_a_bare_path_leaves_only_its_kind() -> None:
    assert "anna" not in redact("moved /home/anna/a.jpg to /mnt/anna/b.jpg, then C:/anna/c.png")


def test_the_same_path_gets_the_same_sign_and_another_one_another() -> None:
    first, second, third = (redact(f"“{path}”") for path in ("/a/b.jpg", "/a/b.jpg", "/a/c.jpg"))
    assert first == second != third


def test_a_name_of_the_persons_goes_even_without_a_path() -> None:
    assert "secret" not in redact("The category “secret admirer” is empty.")


def test_our_own_source_files_stay_readable() -> None:
    line = '  File "/home/anna/.venv/lib/python3.11/site-packages/clipsorter/ui/app.py", line 133, in show'
    told = redact(line)
    assert "clipsorter/ui/app.py" in told
    assert "line 133, in show" in told
    assert "anna" not in told


def test_the_home_folder_and_the_account_go_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/annabel"))
    assert redact("who=annabel shell=annabel.sh annabelle") == "who=<account> shell=<account>.sh annabelle"


@pytest.mark.parametrize(
    "innocent", ["3 / 4 photos", "image/jpeg", "and/or", "12:30", "https", "ViT-B-32", "it's 5 o'clock"]
)
def test_what_is_no_path_stays(innocent: str) -> None:
    assert redact(innocent) == innocent


@given(st.text(st.characters(exclude_characters="/\\~“")))
def test_text_without_paths_and_names_stays_as_it_is(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "home", lambda: Path("/root"))
        assert redact(text) == text


@given(st.lists(st.text("xyz照", min_size=4, max_size=9), min_size=2, max_size=4))
def test_no_part_of_a_quoted_path_survives(parts: list[str]) -> None:
    told = redact(f"cannot open '/{'/'.join(parts)}.jpg'")
    assert not [part for part in parts if part in told.replace("cannot open", "").replace("path", "")]
