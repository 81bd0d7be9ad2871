"""The bilingual lexicon: everyday Chinese becomes English, the rest is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.encoders.lexicon import read_lexicon, say_in_english, translate


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("狗", "dog"),
        ("儿童", "children"),
        ("雪上运动", "snow sports"),
        ("一只黑色的狗在草地上奔跑", "black dog grass running"),
        ("我们的狗Rex", "our dog Rex"),
        ("大熊猫", "panda"),
    ],
)
def test_everyday_words_become_english_in_their_order(chinese: str, english: str) -> None:
    assert translate(chinese).text == english
    assert translate(chinese).unknown == ()


def test_the_longest_word_wins_over_its_parts() -> None:
    assert translate("热气球").text == "hot air balloon"
    assert translate("气球").text == "balloon"


@pytest.mark.parametrize("template", ["一张{}的照片", "一张有{}的图片", "照片里是{}"])
def test_a_chinese_prompt_template_becomes_an_english_one(template: str) -> None:
    text = translate(template.format("狗")).text
    assert text in {"a photo of dog", "a picture of dog"}


def test_an_english_template_around_a_chinese_word_stays() -> None:
    assert translate("a photo of a 猫").text == "a photo of a cat"


def test_a_bare_photo_is_a_photo() -> None:
    assert translate("一张照片").text == "a photo"


def test_what_nobody_knows_is_named_and_nothing_is_made_up() -> None:
    assert translate("量子纠缠").text == ""
    assert translate("量子纠缠").unknown == ("量子纠缠",)


def test_a_half_known_phrase_keeps_its_known_half_and_names_the_other() -> None:
    found = translate("量子猫")
    assert found.text == "cat"
    assert found.unknown == ("量子",)


def test_a_phrase_without_any_known_word_is_said_as_an_unspecific_photo() -> None:
    assert say_in_english("量子纠缠") == "a photo"


@pytest.mark.parametrize("traditional", ["貓", "機車", "飛機", "鳥", "兒童", "電腦", "山上的雲"])
def test_traditional_characters_are_understood(traditional: str) -> None:
    assert translate(traditional).unknown == ()
    assert translate(traditional).text


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF)))
def test_text_without_chinese_passes_untouched(phrase: str) -> None:
    assert translate(phrase).text == phrase
    assert translate(phrase).unknown == ()


@given(st.text(alphabet="一张狗猫的照片量子纠缠，。 ab山上海边Ω𠀀", max_size=30))
def test_any_mixture_is_cut_without_an_error_and_without_chinese_left(phrase: str) -> None:
    found = translate(phrase)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in found.text)
    assert all(part in phrase for part in found.unknown)


def test_every_meaning_is_english_and_every_word_chinese() -> None:
    lexicon = read_lexicon()
    assert len(lexicon.english) > 1500
    assert all(meaning.isascii() for meaning in lexicon.english.values())
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in word) for word in lexicon.english)


def test_no_particle_hides_a_word_of_the_lexicon() -> None:
    lexicon = read_lexicon()
    swallowed = {word for word in lexicon.english if word in lexicon.particles}
    assert all(translate(word).text for word in swallowed)
