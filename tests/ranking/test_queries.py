"""A search phrase against every photo."""

import numpy as np
import pytest

from clipsorter.ranking.board import build_board
from clipsorter.ranking.queries import background_prompts, filter_board, parse_query, query_prompts, search
from clipsorter.ranking.similarity import rank
from tests.ranking.worlds import crowd, make_weights, random_rows

KINDS = random_rows(7, 40, 64)
UNRELATED = KINDS[8:]


def look_for(text, embeddings, direction, *, files=None):
    query = parse_query(text)
    texts = dict.fromkeys(query_prompts(query, ("en",)), direction)
    names = files or [f"IMG_{row}.jpg" for row in range(len(embeddings))]
    return search(embeddings, query, texts, logit_scale=100.0, background=UNRELATED, files=names)


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


def test_a_chinese_query_uses_the_prompts_that_were_embedded_for_it():
    query = parse_query("海滩")
    texts = dict.fromkeys(query_prompts(query, ("zh",)), KINDS[0])
    embeddings = crowd(1, KINDS[:2], 3, 0.05)
    result = search(embeddings, query, texts, logit_scale=100.0, background=UNRELATED, files=["x"] * 6)
    assert list(result.hit) == [True] * 3 + [False] * 3
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
    board = build_board(ids, [str(one) for one in ids], ranking, np.full(4, -np.inf, np.float32), {})
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
