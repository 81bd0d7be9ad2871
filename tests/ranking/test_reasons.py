"""Reasons are the numbers that decided, not others that look like them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.ranking.board import build_board
from clipsorter.ranking.elsewhere import measure_backdrop
from clipsorter.ranking.examples import NO_EXAMPLES, find_examples
from clipsorter.ranking.grammar import parse_query
from clipsorter.ranking.prompts import CategoryPrompts, Described, unit_rows
from clipsorter.ranking.queries import query_prompts, search
from clipsorter.ranking.reasons import CategoryReason, Nearest, explain_category, explain_query
from clipsorter.ranking.similarity import rank
from clipsorter.ranking.teaching import learn
from clipsorter.values import Calibration, Decision
from tests.ranking.worlds import crowd, digest, finish, make_digests, make_weights, random_rows

SEEDS = st.integers(0, 2**32 - 1)


def explain_all(seed: int, decisions: list[Decision], cutoff: float) -> tuple[list[list[CategoryReason]], np.ndarray]:
    """The reasons for every photo and category of a small world, and the bin of each photo."""
    photos = crowd(seed, random_rows(seed, 3), 5)
    weights = make_weights(
        random_rows(seed, 3) + 0.3 * random_rows(seed + 1, 3),
        background=random_rows(seed + 2, 2),
        exclusions=[random_rows(seed + 3, 1), random_rows(seed, 0), random_rows(seed, 0)],
        reference=random_rows(seed + 4, 8),
    )
    digests = make_digests(range(len(photos)))
    by_digest = {one.digest: [other for other in decisions if other.digest == one.digest] for one in decisions}
    examples = find_examples(digests, weights.names, by_digest)
    lesson = learn(weights, photos[examples.rows], examples.bins, examples.accepted, library=photos)
    ranking = rank(photos, lesson.weights, logit_scale=30)
    cutoffs = np.full(3, cutoff, np.float32)
    board = build_board(np.arange(len(photos)), digests, ranking, cutoffs, by_digest)
    home = np.full(len(photos), -1)
    for number, column in enumerate(board.bins[:-1]):
        home[column.photo_ids] = number
    texts = {f"c{number}": row for number, row in enumerate(weights.weights)}
    texts |= {f"b{number}": row for number, row in enumerate(weights.background)} | {"x": weights.exclusions[0][0]}
    prompts = [
        CategoryPrompts(f"c{k}", (Described(f"c{k}", (f"c{k}",)),), (Described("x", ("x",)),) if k == 0 else ())
        for k in range(3)
    ]
    reasons = [
        [
            explain_category(
                row,
                column,
                photo=photos[row],
                ranking=ranking,
                cutoff=cutoffs[column],
                prompts=prompts[column],
                background=["b0", "b1"],
                texts=texts,
                weights=weights,
                lesson=lesson,
                sources=[digests[example] for example in examples.rows],
                examples=examples,
            )
            for column in range(3)
        ]
        for row in range(len(photos))
    ]
    return reasons, home


@given(SEEDS, st.sampled_from([-np.inf, 0.2, 0.5]), st.data())
def test_a_photo_stands_in_the_nearest_category_it_belongs_to(seed: int, cutoff: float, data: st.DataObject) -> None:
    decision = st.builds(
        Decision,
        st.integers(0, 14).map(digest),
        st.sampled_from(["c0", "c1", "c2"]),
        st.sampled_from(["yes", "no"]),
    )
    reasons, home = explain_all(seed, data.draw(st.lists(decision, max_size=4)), cutoff)
    for row, mine in enumerate(reasons):
        said = [column for column, one in enumerate(mine) if one.verdict == "yes"]
        belongs = [column for column, one in enumerate(mine) if one.belongs]
        best = max(belongs, key=lambda column: mine[column].similarity, default=-1)
        assert home[row] == (said[0] if said else best)
        for one in mine:
            if one.verdict is None and not one.belongs:
                assert one.similarity < one.cutoff or one.background or one.exclusion
            if one.background:
                assert one.background.similarity > one.similarity


@given(SEEDS)
def test_the_pulls_of_all_examples_add_up_to_what_was_learned(seed: int) -> None:
    photos = crowd(seed, random_rows(seed, 3), 6)
    weights = make_weights(random_rows(seed + 1, 3), reference=random_rows(seed + 2, 8))
    bins, accepted = np.array([0, 1, 2, 0, -1]), np.array([True, True, True, False, True])
    lesson = learn(weights, photos[[0, 6, 12, 7, 1]], bins, accepted, library=photos)
    for photo in photos[::4]:
        moved = lesson.weights.weights @ photo - (weights.weights @ photo) / lesson.lengths
        np.testing.assert_allclose(lesson.pulls(photo).sum(axis=0), moved, atol=1e-5)


def test_a_decision_is_the_reason() -> None:
    reasons, home = explain_all(1, [Decision(digest(0), "c2"), Decision(digest(1), "c0", "no")], 0.2)
    assert (home[0], reasons[0][2].verdict, reasons[0][2].belongs) == (2, "yes", True)
    assert (reasons[1][0].verdict, reasons[1][0].belongs) == ("no", False)
    assert {pull.file for pull in reasons[2][2].pulls} <= {digest(0), digest(1)}
    assert max(reasons[0][2].pulls, key=lambda pull: pull.pull).file == digest(0)
    assert reasons[0][2].similarity > reasons[0][2].untaught


@pytest.mark.parametrize(
    "typed", ["apple", "apple pear", "apple -pear", "-pear", "2:apple -pear like:3.jpg", "3", "2023"]
)
def test_a_search_is_explained_by_its_own_numbers(typed: str) -> None:
    photos = crowd(5, random_rows(5, 3), 8)
    query = parse_query(typed.replace("2023", ""))
    texts = dict(zip(query_prompts(query, ("en",)), random_rows(6, 64), strict=False))
    files = [f"{row}.jpg" for row in range(len(photos))]
    background = random_rows(7, 8)
    asked = {"languages": ("en",), "background": background, "files": files}
    result = search(photos, query, texts, **asked)
    for row in range(len(photos)):
        why = explain_query(row, query, embeddings=photos, texts=texts, **asked)
        assert (why.hit, result.order[why.rank - 1]) == (result.hit[row], row)
        left_out = any(look.unwanted and look.seen for look in why.looks)
        found = why.similarity >= why.cutoff or why.named
        assert why.hit == (found and not left_out)


def test_the_word_that_beats_a_category_is_the_reason() -> None:
    rows = np.eye(40, 64, dtype=np.float32)
    photo = unit_rows(0.4 * rows[:1] + rows[1:2])
    weights = make_weights(rows[:1], background=rows[5:6], reference=random_rows(1, 32, 64))
    calibration = Calibration((), 1.5, 0.25, room=4.0, words=3.5)
    backdrop = finish(measure_backdrop(photo, weights, rows, logit_scale=30, calibration=calibration))
    ranking = rank(photo, weights, logit_scale=30, calibration=calibration, backdrop=backdrop)
    for word, cutoff, expected in ((Nearest("forest", 0.85), 0.1, "forest"), (Nearest("forest", 0.85), 0.9, None)):
        reason = explain_category(
            0,
            0,
            photo=photo[0],
            ranking=ranking,
            cutoff=cutoff,
            prompts=CategoryPrompts("c0", (Described("c0", ("c0",)),), ()),
            background=["b0"],
            word=word,
            texts={"c0": rows[0], "b0": rows[5]},
            weights=weights,
            lesson=learn(weights, photo[:0], np.zeros(0, np.intp), np.zeros(0, np.bool_), library=photo),
            sources=[],
            examples=NO_EXAMPLES,
        )
        assert not reason.belongs
        assert (reason.background and reason.background.phrase) == expected
