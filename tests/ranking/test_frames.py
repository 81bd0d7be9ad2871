"""A video is as near as its nearest frame, less half of what luck gives it."""

import numpy as np
import pytest

from clipsorter.ranking.frames import LUCK, compare, nearest_picture, weigh_luck
from clipsorter.ranking.grammar import parse_query
from clipsorter.ranking.prompts import unit_rows
from clipsorter.ranking.queries import query_prompts, search
from clipsorter.ranking.reasons import explain_query
from clipsorter.ranking.similarity import rank
from clipsorter.values import NO_FRAMES, Embeddings, Frames
from tests.ranking.worlds import make_weights, random_rows

CAT, DOG, CAR = np.eye(16, dtype=np.float32)[:3]


def world(photos: int, videos: dict[int, Embeddings]) -> tuple[Embeddings, Frames]:
    """Random photos, some of which are videos with these frames."""
    embeddings = random_rows(1, photos)
    for row, frames in videos.items():
        embeddings[row] = unit_rows(frames.mean(axis=0, keepdims=True))[0]
    rows = np.repeat(list(videos), [len(frames) for frames in videos.values()])
    return embeddings, Frames(rows, np.concatenate(list(videos.values())), np.zeros(len(rows), np.float32))


def test_without_videos_nothing_changes() -> None:
    embeddings, directions = random_rows(0, 5), random_rows(1, 3).T
    everything = slice(0, 5)
    assert np.array_equal(compare(embeddings, directions, NO_FRAMES, everything), embeddings @ directions)
    assert weigh_luck(embeddings, NO_FRAMES, random_rows(2, 4)) is NO_FRAMES


@pytest.mark.parametrize("rows", [slice(0, 9), slice(2, 7), slice(3, 4), slice(4, 6), slice(6, 2048)])
def test_every_video_is_compared_by_its_nearest_frame(rows: slice) -> None:
    videos = {3: random_rows(10, 4), 6: random_rows(11, 2), 8: random_rows(12, 1)}
    embeddings, frames = world(9, videos)
    directions = random_rows(13, 5).T
    expected = embeddings @ directions
    for row, pictures in videos.items():
        expected[row] = (pictures @ directions).max(axis=0)
    np.testing.assert_allclose(compare(embeddings, directions, frames, rows), expected[rows], atol=1e-6)
    one = compare(embeddings, np.ascontiguousarray(directions[:, 2]), frames, rows)
    np.testing.assert_allclose(one, expected[rows, 2], atol=1e-6)


def test_half_of_what_the_frames_gain_on_unrelated_phrases_is_taken_off() -> None:
    videos = {1: random_rows(20, 4), 2: np.repeat(random_rows(21, 1), 3, axis=0)}
    embeddings, frames = world(3, videos)
    phrases = random_rows(22, 40)
    weighed = weigh_luck(embeddings, frames, phrases)
    gain = ((videos[1] @ phrases.T).max(axis=0) - embeddings[1] @ phrases.T).mean()
    assert gain > 0.05
    np.testing.assert_allclose(weighed.luck, [LUCK * gain] * 4 + [0] * 3, atol=1e-6)  # equal frames have no luck
    direction = random_rows(23, 1)[0]
    without = compare(embeddings, direction, frames, slice(0, 3))
    less = compare(embeddings, direction, weighed, slice(0, 3))
    np.testing.assert_allclose(without - less, [0, LUCK * gain, 0], atol=1e-6)


def test_a_video_of_two_things_is_near_to_both() -> None:
    embeddings, frames = world(4, {2: np.stack([CAT, CAT, CAT, DOG])})
    ranking = rank(embeddings, make_weights(np.stack([CAT, DOG, CAR])), logit_scale=100, frames=frames)
    np.testing.assert_allclose(ranking.cosine[2], [1, 1, 0], atol=1e-6)
    by_mean = rank(embeddings, make_weights(np.stack([CAT, DOG, CAR])), logit_scale=100)
    np.testing.assert_allclose(by_mean.cosine[2], [3 / 10**0.5, 1 / 10**0.5, 0], atol=1e-6)
    others = [0, 1, 3]
    assert np.array_equal(ranking.cosine[others], by_mean.cosine[others])


def test_a_frame_that_shows_what_is_excluded_keeps_the_video_out() -> None:
    near_dog = unit_rows((DOG + 0.1 * CAT)[None])[0]
    embeddings, frames = world(2, {1: np.stack([0.8 * CAT + 0.6 * CAR, CAR, near_dog])})
    weights = make_weights(CAT[None], exclusions=[DOG[None]])
    ranking = rank(embeddings, weights, logit_scale=100, frames=frames)
    assert ranking.excluded is not None
    assert bool(ranking.excluded[1, 0])
    assert ranking.best[1] == -1


def test_a_search_finds_what_one_frame_shows_and_says_so() -> None:
    embeddings, frames = world(60, {7: np.stack([CAR, CAR, CAR, DOG])})
    embeddings[:, :3] *= 0.1  # nothing else shows a dog
    embeddings = unit_rows(embeddings)
    query = parse_query('"dog"')
    (prompt,) = query_prompts(query, ("en",))
    background = random_rows(30, 8)
    names = [f"{number}.jpg" for number in range(60)]
    asked = {"languages": ("en",), "background": background, "files": names, "frames": frames}
    result = search(embeddings, query, {prompt: DOG}, **asked)
    assert result.order[0] == 7
    luck = weigh_luck(embeddings, frames, background).luck[0]
    assert result.similarity[7] == pytest.approx(1 - luck, abs=1e-6)
    reason = explain_query(7, query, embeddings=embeddings, texts={prompt: DOG}, **asked)
    assert (reason.hit, reason.rank) == (True, 1)
    assert reason.looks[0].similarity == pytest.approx(reason.similarity, abs=1e-6)


def test_the_frame_that_speaks_for_a_category_is_shown_as_the_reason() -> None:
    embeddings, frames = world(3, {1: np.stack([CAR, DOG])})
    assert np.array_equal(nearest_picture(1, DOG, embeddings, frames), DOG)
    assert np.array_equal(nearest_picture(1, CAR, embeddings, frames), CAR)
    assert np.array_equal(nearest_picture(2, CAR, embeddings, frames), embeddings[2])
    assert np.array_equal(nearest_picture(2, CAR, embeddings, NO_FRAMES), embeddings[2])
