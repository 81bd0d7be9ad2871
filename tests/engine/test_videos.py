"""Videos through the whole way: scanned, watched, embedded as one, found."""

from contextlib import closing
from pathlib import Path

import numpy as np

from clipsorter.cli.running import last
from clipsorter.engine.category_text import parse_categories
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Indexed, Ranked
from clipsorter.engine.requests import RankRequest
from tests.photos.clips import COLOURS, quarters, write_clip


def test_a_clip_is_one_photo_and_found_by_each_of_its_colours(tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    frames = quarters(each=8)
    write_clip(album / "all.mp4", frames)
    for number, name in enumerate(("red", "green", "blue")):
        write_clip(album / f"{name}.mp4", [frames[8 * number]] * 12)
    assert len(COLOURS) == 4
    with closing(Engine(tmp_path / "data", model="colour", device="cpu")) as engine:
        *_, indexed = engine.index(album)
        assert isinstance(indexed, Indexed)
        assert (indexed.embedded, indexed.failed) == (4, 0)
        again = list(engine.index(album))[-1]
        assert isinstance(again, Indexed)
        assert again.unchanged == 4
        found = last(engine.search(album, "red"), Found)
        ranked = last(engine.rank(album, RankRequest(parse_categories("red, green, blue"))), Ranked)
    files = [found.collection.files[row] for row in found.result.order]
    assert files[0] == "red.mp4"
    rows = dict(zip(found.collection.files, found.collection.embeddings, strict=True))
    np.testing.assert_allclose(np.linalg.norm(rows["all.mp4"], axis=-1), 1, atol=1e-2)
    near = [float(rows["all.mp4"] @ rows[f"{name}.mp4"]) for name in ("red", "green", "blue")]
    assert min(near) > 0.3  # a mean is near to each of its frames
    every = dict(zip(ranked.collection.files, ranked.ranking.cosine, strict=True))
    of_one_colour = [float(every[f"{name}.mp4"][column]) for column, name in enumerate(("red", "green", "blue"))]
    # As near as a clip that shows nothing else; the mean of its frames is half as near.
    np.testing.assert_allclose(every["all.mp4"], of_one_colour, atol=0.1)
