"""Categories become prompts, prompts become weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.prompts import build_weights, describe, language_of, plan_prompts
from clipsorter.ranking.sentences import BACKGROUND, CONTEXT_MARKS, REFERENCE, TEMPLATES
from clipsorter.values import Calibration, Category
from tests.ranking.worlds import random_rows


def embed(prompts, *, seed=0):
    return dict(zip(prompts, random_rows(seed, len(prompts)), strict=True))


def test_a_chinese_phrase_gets_chinese_templates_only_from_a_model_that_reads_chinese():
    assert describe("海滩", ("en", "zh"))[0] == "一张海滩的照片"
    assert describe("海滩", ("zh-Hans",))[0] == "一张海滩的照片"
    assert describe("海滩", ("en",))[0] == "a photo of a 海滩"
    assert describe("beach", ("zh", "en"))[0] == "a photo of a beach"


def test_a_model_that_reads_only_chinese_gets_chinese_sentences_throughout():
    assert describe("beach", ("zh-Hans",))[0] == "一张beach的照片"
    plan = plan_prompts([Category("beach")], ("zh-Hans",))
    assert (plan.background, plan.reference) == (BACKGROUND["zh"], REFERENCE["zh"])
    assert plan_prompts([], ("zh-Hans",)).background == BACKGROUND["zh"]
    assert plan_prompts([], ("en", "zh")).background == BACKGROUND["en"]


@pytest.mark.parametrize("phrase", ["㐀", "豈", "𠀀", "my 狗"])
def test_rare_and_mixed_characters_count_as_chinese(phrase):
    assert language_of(phrase, ("zh",)) == "zh"


MANY = ("en", "zh-Hans", "ja", "ko", "ru", "de", "fr", "es", "it", "pt")


@pytest.mark.parametrize(
    ("phrase", "language", "first"),
    [
        ("海边の夕日", "ja", "海边の夕日の写真"),
        ("바다", "ko", "바다 사진"),
        ("пляж", "ru", "фото: пляж"),
        ("der Strand", "de", "ein Foto von der Strand"),
        ("ÖDE STRASSE", "de", "ein Foto von ÖDE STRASSE"),
        ("coucher de soleil", "fr", "une photo de coucher de soleil"),
        ("niños en la playa", "es", "una foto de niños en la playa"),
        ("spiaggia", "it", "una foto di spiaggia"),
        ("pôr do sol na praia", "pt", "uma foto de pôr do sol na praia"),
        ("海滩", "zh", "一张海滩的照片"),
        ("beach", "en", "a photo of a beach"),
        ("mar", "en", "a photo of a mar"),  # Spanish or Portuguese: nobody can tell
        ("", "en", "a photo of a "),
    ],
)
def test_a_model_of_many_languages_reads_sentences_in_the_language_of_the_words(phrase, language, first):
    assert language_of(phrase, MANY) == language
    assert describe(phrase, MANY)[0] == first
    if language != "zh":
        assert describe(phrase, ("zh", "en"))[0] == f"a photo of a {phrase}"
    plan = plan_prompts([Category(phrase)], MANY)
    assert (plan.background, plan.reference) == (BACKGROUND[language], REFERENCE[language])


def test_every_language_has_sentences_of_every_kind():
    assert set(TEMPLATES) == set(BACKGROUND) == set(REFERENCE) == {tag.split("-")[0] for tag in MANY} | {"zh"}
    assert set(CONTEXT_MARKS) < set(TEMPLATES)
    for language, templates in TEMPLATES.items():
        assert [one.count("{}") for one in templates] == [1] * 4
        assert len(set(BACKGROUND[language])) == 6
        assert len(set(REFERENCE[language])) == 32
        assert language in {"en", language_of(templates[0].replace("{}", REFERENCE[language][0]), MANY)}


def test_a_model_of_one_language_gets_its_own_sentences():
    assert describe("海", ("ja",))[0] == "海の写真"
    assert describe("beach", ("ja",))[0] == "beachの写真"
    assert describe("beach", ("sw",))[0] == "a photo of a beach"


def test_context_follows_the_phrase():
    assert describe("boxer", ("en",), "a dog breed")[0] == "a photo of a boxer, a dog breed"
    assert describe("柴犬", ("zh",), "一种狗")[0] == "一张柴犬，一种狗的照片"


def test_braces_in_a_category_are_plain_letters():
    plan = plan_prompts([Category("{0} {} {name}")], ("en",))
    assert "a photo of a {0} {} {name}" in plan.prompts


def test_every_prompt_is_planned_once_even_when_phrases_repeat():
    plan = plan_prompts([Category("dog", phrases=("puppy", "dog ", "")), Category("puppy", exclude=("dog",))], ("en",))
    assert len(set(plan.prompts)) == len(plan.prompts)
    assert [len(said.prompts) for said in plan.categories[0].about] == [len(TEMPLATES["en"])] * 2
    assert set(plan.prompts) >= {*BACKGROUND["en"], *REFERENCE["en"], *plan.categories[1].exclude[0].prompts}


def test_chinese_categories_are_compared_with_chinese_background():
    assert plan_prompts([Category("海滩")], ("zh",)).background == BACKGROUND["zh"]
    assert plan_prompts([Category("海滩"), Category("dog")], ("zh", "en")).background == (
        *BACKGROUND["zh"],
        *BACKGROUND["en"],
    )


def test_no_category_still_gives_weights_of_the_right_dimension():
    plan = plan_prompts([], ("en",))
    weights = build_weights(plan, embed(plan.prompts))
    assert len(weights) == 0
    assert weights.weights.shape == (0, 16)
    assert weights.background.shape == (len(BACKGROUND["en"]), 16)


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_weights_are_unit_rows_whatever_the_length_of_text_embeddings(seed, scale):
    plan = plan_prompts([Category("dog", phrases=("puppy",), exclude=("cat",)), Category("sea")], ("en",))
    texts = embed(plan.prompts, seed=seed)
    weights = build_weights(plan, texts)
    scaled = build_weights(plan, {prompt: row * scale for prompt, row in texts.items()})
    for rows in (weights.weights, weights.background, weights.exclusions[0], weights.reference):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(scaled.weights, weights.weights, atol=1e-6)


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_a_zero_or_not_finite_text_embedding_is_refused(bad):
    plan = plan_prompts([Category("dog")], ("en",))
    texts = embed(plan.prompts)
    texts[plan.prompts[1]] = np.full(16, bad, np.float32)
    with pytest.raises(ValueError, match="zero or not finite"):
        build_weights(plan, texts)


def test_a_calibrated_encoder_brings_its_own_background_in_whatever_language_the_categories_are():
    plan = plan_prompts([Category("海滩"), Category("dog")], ("zh",), calibration=Calibration(("a thing",), 1, 0, 1))
    assert plan.background == ("a thing",)
    assert "a thing" in plan.prompts
    kept = plan_prompts([Category("dog")], ("en",), calibration=Calibration((), 1, 0, 1))
    assert kept.background == BACKGROUND["en"]
