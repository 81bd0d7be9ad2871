"""A search phrase against every photo."""

import numpy as np
import pytest

from clipsorter.errors import QueryError
from clipsorter.ranking.board import build_board
from clipsorter.ranking.queries import (
    background_prompts,
    filter_board,
    parse_query,
    query_prompts,
    search,
)
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.states import PhotoStates
from tests.ranking.worlds import crowd, make_digests, make_weights, random_rows

KINDS = random_rows(7, 40, 64)
UNRELATED = KINDS[8:]


def look_for(text, embeddings, direction, *, files=None):
    query = parse_query(text)
    texts = dict.fromkeys(query_prompts(query, ("en",)), direction)
    names = files or [f"IMG_{row}.jpg" for row in range(len(embeddings))]
    return search(embeddings, query, texts, languages=("en",), background=UNRELATED, files=names)


def test_photos_of_the_thing_are_hits_and_come_first():
    result = look_for("dog", crowd(1, KINDS[:4], 10, 0.1), KINDS[2])
    assert set(result.order[:10]) == set(range(20, 30))
    assert result.hit[20:30].all()
    assert result.hit.sum() <= 13
    assert (np.diff(result.similarity[result.order]) <= 0).all()


def test_a_thing_that_nobody_photographed_has_few_hits():
    result = look_for("dog", crowd(1, KINDS[:4], 50, 0.1), KINDS[6])
    assert result.hit.mean() < 0.1


def test_when_every_photo_shows_it_every_photo_is_a_hit():
    assert look_for("dog", crowd(1, KINDS[:1], 50, 0.05), KINDS[0]).hit.all()


@pytest.mark.parametrize("text", ["img_7", "IMG 7", "rome"])
def test_a_file_or_folder_name_counts_too_and_comes_first(text):
    files = [f"2019/IMG_{row}.jpg" for row in range(20)]
    files[7] = "Rome/IMG_7.jpg"
    result = look_for(text, crowd(1, KINDS[:4], 5, 0.1), KINDS[6], files=files)
    assert result.order[0] == 7
    assert result.hit[7]


def test_half_a_word_of_a_name_does_not_count():
    result = look_for("cat", crowd(1, KINDS[:1], 2, 0.1), KINDS[6], files=["catalogue.jpg", "a cat.jpg"])
    assert list(result.hit) == [False, True]


def test_an_empty_query_hits_everything():
    result = look_for("  ", crowd(1, KINDS[:2], 3), KINDS[0])
    assert result.hit.all()
    assert list(result.order) == list(range(6))


MANY = ("en", "zh-Hans", "ja", "ko", "ru", "de", "fr", "es", "it", "pt")


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        *(("海滩", ("zh",)), ("beach", ("zh-Hans",)), ("海滩 beach", ("en", "zh-Hans"))),
        *((text, MANY) for text in ("海滩", "ビーチ", "해변", "пляж", "unser Hund am Strand", "une plage", "la playa")),
        *((text, MANY) for text in ("la spiaggia", "uma praia", "beach", '"la playa"', "2:пляж")),
    ],
)
def test_a_query_in_any_language_uses_the_prompts_that_were_embedded_for_it(text, languages):
    query = parse_query(text)
    texts = dict.fromkeys(query_prompts(query, languages), KINDS[0])
    embeddings = crowd(1, KINDS[:2], 3, 0.05)
    result = search(embeddings, query, texts, languages=languages, background=UNRELATED, files=["x"] * 6)
    assert list(result.hit) == [True] * 3 + [False] * 3


def test_unrelated_phrases_are_those_of_the_query_s_language():
    query = parse_query("海滩")
    assert background_prompts(query, ("zh",)) != background_prompts(query, ("en",))


@pytest.mark.parametrize("bad", [0.0, np.nan])
def test_an_unusable_embedding_is_refused(bad):
    embeddings = crowd(1, KINDS[:2], 3)
    embeddings[2] = bad
    with pytest.raises(ValueError, match="embedding of a photo"):
        look_for("dog", embeddings, KINDS[0])


def test_a_filtered_board_keeps_hits_in_their_bins_ordered_by_the_query():
    embeddings = crowd(1, KINDS[:4], 10, 0.2)
    ids = np.random.default_rng(0).permutation(40) + 100
    ranking = rank(embeddings, make_weights(KINDS[:4]), logit_scale=100)
    board = build_board(ids, make_digests(ids), ranking, np.full(4, -np.inf, np.float32), {})
    result = look_for("dog", embeddings, KINDS[2])
    shown = filter_board(board, ids, result)
    assert shown.hits == result.hit.sum() == sum(map(len, shown.bins))
    place = {int(ids[row]): number for number, row in enumerate(result.order)}
    for before, after in zip(board.bins, shown.bins, strict=True):
        assert set(after.photo_ids) == set(before.photo_ids) & set(ids[result.hit])
        assert [place[int(one)] for one in after.photo_ids] == sorted(place[int(one)] for one in after.photo_ids)
        by_id = dict(zip(before.photo_ids.tolist(), before.similarity.tolist(), strict=True))
        assert after.similarity.tolist() == [by_id[one] for one in after.photo_ids.tolist()]
    assert set(shown.review) <= set(ids[result.hit])


def look_for_all(text, embeddings, directions, *, files=None, states=None):
    """``directions`` maps phrases to vectors; every template of a phrase gets the same one."""
    query = parse_query(text)
    prompts = query_prompts(query, ("en",))
    texts = {prompt: row for prompt in prompts for word, row in directions.items() if word in prompt}
    names = files or [f"IMG_{row}.jpg" for row in range(len(embeddings))]
    background = UNRELATED if background_prompts(query, ("en",)) else UNRELATED[:0]
    return search(
        embeddings,
        query,
        texts,
        languages=("en",),
        background=background,
        files=names,
        states=states or PhotoStates(),
    )


def test_an_unwanted_thing_leaves_only_the_photos_that_show_it():
    both = KINDS[0] + KINDS[1]
    embeddings = crowd(1, np.stack([KINDS[0], both / np.linalg.norm(both), KINDS[2]]), 10, 0.05)
    plain = look_for_all("beach", embeddings, {"beach": KINDS[0]})
    without = look_for_all("beach -people", embeddings, {"beach": KINDS[0], "people": KINDS[1]})
    assert plain.hit.tolist() == [True] * 20 + [False] * 10
    assert without.hit.tolist() == [True] * 10 + [False] * 20
    np.testing.assert_array_equal(plain.similarity, without.similarity)


def test_only_unwanted_things_show_everything_else():
    embeddings = crowd(1, KINDS[:3], 10, 0.05)
    result = look_for_all("-people", embeddings, {"people": KINDS[1]})
    assert result.hit.tolist() == [True] * 10 + [False] * 10 + [True] * 10
    assert set(result.order[-10:]) == set(range(10, 20))


def test_a_weight_moves_the_answer_towards_its_term():
    embeddings = crowd(1, KINDS[:2], 10, 0.05)
    directions = {"dog": KINDS[0], "cat": KINDS[1]}
    even = look_for_all('"dog" "cat"', embeddings, directions)
    heavy = look_for_all('5:"dog" "cat"', embeddings, directions)
    assert even.hit.all()
    assert set(heavy.order[:10]) == set(range(10))


def test_a_photo_can_be_the_query():
    embeddings = crowd(1, KINDS[:8], 10, 0.1)
    result = look_for_all("like:img_35.JPG", embeddings, {})
    assert result.order[0] == 35
    assert set(result.order[:10]) == set(range(30, 40))
    assert result.hit[30:40].all()
    assert result.hit.sum() < 20


def test_a_photo_that_is_not_there_is_pointed_at():
    with pytest.raises(QueryError, match="There is no photo named nothing") as raised:
        look_for_all("dog like:nothing.jpg", crowd(1, KINDS[:1], 3), {"dog": KINDS[0]})
    assert raised.value.position == 4


def test_terms_that_cancel_out_are_refused():
    with pytest.raises(QueryError, match="cancel"):
        look_for_all('"dog" "cat"', crowd(1, KINDS[:1], 3), {"dog": KINDS[0], "cat": -KINDS[0]})


def test_conditions_have_to_hold_all_of_them():
    embeddings = crowd(1, KINDS[:2], 3, 0.05)
    states = PhotoStates(
        taken=np.array(["2023-07-01T10", "2023-12-31T23", "NaT", "2024-01-01", "2022-08-31", "2023-06-01"], "M8[s]"),
        bins={"dog": np.array([1, 0, 1, 0, 0, 0], bool), None: np.array([0, 1, 0, 0, 1, 0], bool)},
        review=np.array([1, 1, 0, 0, 0, 0], bool),
        confirmed=np.array([0, 0, 1, 0, 0, 1], bool),
        tags={"rome": np.array([1, 0, 0, 0, 0, 1], bool)},
    )

    def hits(text):
        result = look_for_all(text, embeddings, {"dog": KINDS[0]}, states=states)
        assert sorted(result.order[: result.hit.sum()]) == np.flatnonzero(result.hit).tolist()
        return np.flatnonzero(result.hit).tolist()

    assert hits("2023") == [0, 1, 5]
    assert hits("-2023") == [2, 3, 4]
    assert hits("summer 2023") == [0, 5]
    assert hits("winter 2023") == [1]
    assert hits("2022-08-31..2023-06-01") == [4, 5]
    assert hits("bin:dog") == [0, 2]
    assert hits("bin:nowhere") == []
    assert hits("is:unsorted") == [1, 4]
    assert hits("is:review -is:unsorted") == [0]
    assert hits("is:confirmed") == [2, 5]
    assert hits("tag:rome summer 2023") == [0, 5]
    assert hits("tag:paris") == []
    assert hits("dog 2023") == [0, 1]


@pytest.mark.parametrize("text", ["dog 2023", "dog tag:x", "dog bin:x", "dog is:review"])
def test_a_condition_on_what_is_not_known_is_refused_with_its_place(text):
    with pytest.raises(QueryError) as raised:
        look_for_all(text, crowd(1, KINDS[:1], 3), {"dog": KINDS[0]})
    assert raised.value.position == 4


def search_with(text, embeddings, direction, **options):
    query = parse_query(text)
    texts = dict.fromkeys(query_prompts(query, ("en",)), direction)
    files = [f"{row}.jpg" for row in range(len(embeddings))]
    return search(embeddings, query, texts, languages=("en",), background=UNRELATED, files=files, **options)


def test_a_picture_finds_what_looks_like_it_and_combines_with_words():
    photos = crowd(1, KINDS[:4], 10, 0.1)
    alone = search_with("", photos, KINDS[0], samples=KINDS[3:4])
    assert set(alone.order[:10]) == set(range(30, 40))
    both = search_with("dog", photos, KINDS[1], samples=KINDS[3:4])
    assert set(both.order[:20]) == set(range(10, 20)) | set(range(30, 40))


def test_where_nothing_hits_the_nearest_can_be_shown_all_the_same():
    photos = crowd(1, KINDS[:4], 10, 0.05)
    taken = np.array(["2020-01-01"] * 20 + ["2024-01-01"] * 20, "datetime64[D]")
    states = PhotoStates(taken=taken)
    nothing = search_with("dog 2024", photos, KINDS[1], states=states)
    assert nothing.relaxed
    assert not nothing.hit.any()
    assert nothing.without == ((0, 20), (4, 10))  # 20 photos of that year, 10 dogs in another
    near = search_with("dog 2024", photos, KINDS[1], states=states, nearest=5)
    assert near.hit.sum() == 5
    assert near.hit[20:].sum() == 5
    assert set(near.order[:5]) == set(np.flatnonzero(near.hit))


def test_a_search_that_finds_something_is_not_relaxed():
    found = search_with("dog", crowd(1, KINDS[:4], 10, 0.05), KINDS[1], nearest=5)
    assert not found.relaxed
    assert found.without == ()
    assert found.hit.sum() >= 10
