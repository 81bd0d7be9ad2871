"""Videos through the whole way: scanned, watched, embedded as one, found."""

from contextlib import closing
from pathlib import Path

import numpy as np

from clipsorter.cli.running import last
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Found, Indexed
from tests.photos.clips import COLOURS, quarters, write_clip


def test_a_clip_is_one_photo_between_its_colours(tmp_path: Path) -> None:
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
    files = [found.collection.files[row] for row in found.result.order]
    assert files[0] == "red.mp4"
    rows = dict(zip(found.collection.files, found.collection.embeddings, strict=True))
    np.testing.assert_allclose(np.linalg.norm(rows["all.mp4"], axis=-1), 1, atol=1e-2)
    near = [float(rows["all.mp4"] @ rows[f"{name}.mp4"]) for name in ("red", "green", "blue")]
    assert min(near) > 0.3  # a mean is near to each of its frames
