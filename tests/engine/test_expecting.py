"""The encoder is loaded while the photos are read, and not at all for words that were asked before."""

from pathlib import Path

from clipsorter.encoders.sources import find_model
from clipsorter.engine.model import Model
from clipsorter.engine.requests import RankRequest
from clipsorter.engine.sorting import expect_search, search_collection
from clipsorter.library.cache import Cache
from clipsorter.library.collecting import empty


class WatchedModel(Model):
    """Says whether it was started."""

    started = False

    def start(self) -> None:
        """As ever."""
        self.started = True
        super().start()


def is_started(cache: Cache, query: str, folder: Path) -> bool:
    model = WatchedModel(find_model("colour", folder), "cpu", cache)
    expect_search(RankRequest((), 0.5, query), model)
    model.close()
    return model.started


def test_only_words_that_were_never_asked_load_the_encoder(tmp_path: Path) -> None:
    with Cache.open(tmp_path / "cache.db") as cache:
        model = Model(find_model("colour", tmp_path), "cpu", cache)
        list(model.ready())
        request = RankRequest((), 0.5, "red")
        photos = empty(cache.encoder_spec(model.encoder_id).dimension)  # type: ignore[union-attr]
        list(search_collection(photos, request, model=model, cache=cache, decisions={}))
        model.close()
        assert not is_started(cache, "red", tmp_path)
        assert is_started(cache, "blue", tmp_path)
        assert is_started(cache, "red -blue", tmp_path)
        assert not is_started(cache, "", tmp_path)


def test_before_anything_is_known_of_the_model_nothing_is_expected(tmp_path: Path) -> None:
    with Cache.open(tmp_path / "cache.db") as cache:
        assert not is_started(cache, "red", tmp_path)
