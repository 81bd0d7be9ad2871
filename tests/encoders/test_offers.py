"""A person whose words are not read is offered a model that reads them."""

import pytest

from clipsorter.encoders.offers import find_reader


@pytest.mark.parametrize(("phrase", "language"), [("海滩", "zh"), ("пляж", "ru"), ("바다", "ko"), ("うみ", "ja")])
def test_the_offer_reads_the_language_and_english(phrase: str, language: str) -> None:
    entry = find_reader(phrase)
    assert entry is not None
    assert {language, "en"} <= set(entry.languages)
    assert not entry.unavailable


def test_a_script_that_is_not_told_apart_is_offered_a_model_of_many_languages() -> None:
    entry = find_reader("شاطئ")
    assert entry is not None
    assert len(entry.languages) > 5


@pytest.mark.parametrize("phrase", ["beach", "", "Straße", "2024"])
def test_letters_that_tell_nothing_bring_no_offer(phrase: str) -> None:
    assert find_reader(phrase) is None
