"""Letters and everyday words tell a language; what they leave open counts as English."""

import pytest

from clipsorter.languages import is_cjk, is_read_by, language_of_letters, language_of_words

MANY = ("en", "zh-Hans", "ja", "ko", "ru", "de", "fr", "es", "it", "pt")


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ("beach", "en"),
        ("海滩", "zh"),
        ("my 狗", "zh"),
        ("海のビーチ", "ja"),
        ("바다", "ko"),
        ("пляж", "ru"),
        ("", "en"),
        ("شاطئ", "en"),
        ("2024", "en"),
    ],
)
def test_letters_tell_the_language(phrase: str, language: str) -> None:
    assert language_of_letters(phrase) == language
    assert language_of_words(phrase) == language
    assert is_read_by(phrase, MANY)
    assert is_read_by(phrase, ("en",)) is (phrase in {"beach", "my 狗", "", "2024"})
    assert is_read_by(phrase, ("zh-Hans",)) is (phrase in {"beach", "海滩", "my 狗", "", "2024", "海のビーチ"})


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ("Strand", "de"),
        ("unsere Katze", "de"),
        ("Fußball", "de"),
        ("plage", "fr"),
        ("les œufs", "fr"),
        ("playa", "es"),
        ("cumplean\u0303os", "es"),  # decomposed, as macOS writes file names
        ("spiaggia", "it"),
        ("praia", "pt"),
        ("pão", "pt"),
    ],
)
def test_everyday_words_tell_languages_in_latin_letters(phrase: str, language: str) -> None:
    assert language_of_words(phrase) == language
    assert language_of_letters(phrase) == "en"


@pytest.mark.parametrize(
    "phrase",
    [
        *("dog", "our dog", "receipts", "sunset at the sea", "a car in the snow", "screenshot", "party", "no people"),
        *("food", "documents", "baby", "art", "table", "chat", "auto", "hotel", "restaurant", "New York", "LA", "map"),
        *("gato mar", "Foto", "Rex"),
    ],
)
def test_english_and_what_nobody_can_tell_count_as_english(phrase: str) -> None:
    assert language_of_words(phrase) == "en"


def test_chinese_characters_are_noticed() -> None:
    assert is_cjk("my 狗")
    assert not is_cjk("ビーチ")
    assert not is_cjk("")
