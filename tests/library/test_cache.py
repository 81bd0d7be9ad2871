"""Files and what is in them are remembered by path and by content, whatever their names and times."""

import os
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.errors import CacheDamagedError
from clipsorter.library.cache import Cache, FailedFile
from clipsorter.values import PhotoFacts
from tests.library.builders import ENCODER, cached, digest, photo, unit


def test_what_was_put_is_there_after_a_restart(tmp_path: Path) -> None:
    embeddings = unit(3)
    facts = PhotoFacts(4000, 3000, datetime(2024, 2, 29, 12, 30, 1, 5), -33.5, 151.25)  # noqa: DTZ001 - camera time
    with Cache.open(tmp_path / "cache.db") as cache:
        ids = cache.put([cached(f"/p/{n}.jpg", n, facts=facts) for n in range(3)], ENCODER, embeddings)
    with Cache.open(tmp_path / "cache.db") as cache:
        assert not cache.rebuilt
        records = cache.files_below(Path("/p"))
        assert list(records) == ["/p/0.jpg", "/p/1.jpg", "/p/2.jpg"]
        record = records["/p/1.jpg"]
        assert record.photo == photo("/p/1.jpg")
        assert (record.photo_id, record.digest) == (ids[1], digest(1))
        assert (record.error, record.refused, record.missing) == ("", False, False)
        assert cache.facts(int(ids[2])) == facts
        assert cache.thumbnail(digest(0)) == b"jpeg"
        collection = cache.collection(Path("/p"), ENCODER)
        assert collection.photo_ids.tolist() == ids.tolist()
        assert tuple(collection.files) == ("0.jpg", "1.jpg", "2.jpg")
        assert tuple(collection.digests) == tuple(map(digest, range(3)))
        np.testing.assert_allclose(collection.embeddings, embeddings, atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(collection.embeddings, axis=1), 1, atol=1e-6)
        assert collection.embeddings.dtype == np.float32


def test_a_changed_file_keeps_its_photo_id_and_no_longer_matches(cache: Cache) -> None:
    (before,) = cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    record = cache.files_below(Path("/p"))["/p/a.jpg"]
    assert record.matches(photo("/p/a.jpg"))
    assert not record.matches(photo("/p/a.jpg", size=1001))
    assert not record.matches(photo("/p/a.jpg", mtime_ns=2))
    assert not record.matches(photo("/p/a.jpg", inode=2))
    (after,) = cache.put([cached("/p/a.jpg", 2)], ENCODER, unit(1, seed=1))
    assert before == after
    assert tuple(cache.collection(Path("/p"), ENCODER).digests) == (digest(2),)


def test_times_and_inodes_of_any_size_survive(cache: Cache) -> None:
    odd = photo("/p/a.jpg", size=2**40, mtime_ns=2**70, inode=2**128 - 1)
    old = photo("/p/b.jpg", mtime_ns=-(2**65), inode=2**63)
    cache.put_failed([FailedFile(odd, "broken"), FailedFile(old, "broken")])
    records = cache.files_below(Path("/p"))
    assert records["/p/a.jpg"].photo == odd
    assert records["/p/b.jpg"].photo == old


def test_only_files_below_the_folder_are_listed_whatever_its_name(cache: Cache) -> None:
    paths = [
        "/p/100%_done/a.jpg",
        "/p/100%_done/deep/er/b.jpg",
        "/p/100%_done more/c.jpg",
        "/p/100x_done/d.jpg",
        "/p/100%Xdone/e.jpg",
        "/p/100%_done.jpg",
        "/p/100%_DONE/f.jpg",
    ]
    cache.put([cached(path, n) for n, path in enumerate(paths)], ENCODER, unit(len(paths)))
    assert set(cache.files_below(Path("/p/100%_done"))) == set(paths[:2])
    assert tuple(cache.collection(Path("/p/100%_done"), ENCODER).files) == ("a.jpg", "deep/er/b.jpg")
    assert cache.count(Path("/p/100%_done"), ENCODER) == 2
    assert set(cache.files_below(Path("/"))) == set(paths)
    assert cache.collection(Path("/"), ENCODER).files[0] == "p/100%_done/a.jpg"
    assert cache.files_below(Path("/p/100")) == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always Unicode")
def test_a_name_that_is_not_unicode_survives(cache: Cache) -> None:
    path = os.fsdecode(b"/p/gr\xfc\xdfe/\xff\xfe.jpg")
    cache.put([cached(path, 1)], ENCODER, unit(1))
    (record,) = cache.files_below(Path(os.fsdecode(b"/p/gr\xfc\xdfe"))).values()
    assert os.fsencode(record.path) == b"/p/gr\xfc\xdfe/\xff\xfe.jpg"
    assert tuple(cache.collection(Path("/p"), ENCODER).files) == (os.fsdecode(b"gr\xfc\xdfe/\xff\xfe.jpg"),)


def test_a_renamed_photo_keeps_its_id_and_is_not_embedded_twice(cache: Cache) -> None:
    ids = cache.put([cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)], ENCODER, unit(2))
    cache.mark_missing([int(ids[0])])
    assert cache.known_digests([digest(1), digest(9)]) == {digest(1)}
    assert cache.put_known([(photo("/p/new/c.jpg", inode=7), digest(1))]).tolist() == [ids[0]]
    assert set(cache.files_below(Path("/p"))) == {"/p/b.jpg", "/p/new/c.jpg"}
    assert cache.files_below(Path("/p"))["/p/new/c.jpg"].photo == photo("/p/new/c.jpg", inode=7)
    assert tuple(cache.collection(Path("/p"), ENCODER).files) == ("new/c.jpg", "b.jpg")


def test_a_copy_gets_an_id_of_its_own(cache: Cache) -> None:
    ids = cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    copies = cache.put_known([(photo("/p/b.jpg"), digest(1)), (photo("/p/c.jpg"), digest(1))])
    assert len({*ids.tolist(), *copies.tolist()}) == 3
    collection = cache.collection(Path("/p"), ENCODER)
    assert tuple(collection.digests) == (digest(1),) * 3
    assert np.array_equal(collection.embeddings[0], collection.embeddings[2])


def test_of_several_lost_copies_each_is_found_again_once(cache: Cache) -> None:
    ids = cache.put([cached(f"/old/{name}.jpg", 1) for name in "abc"], ENCODER, unit(1).repeat(3, axis=0))
    cache.mark_missing(ids.tolist())
    moved = cache.put_known([(photo(f"/new/{name}.jpg"), digest(1)) for name in "cab"])
    assert moved.tolist() == [ids[2], ids[0], ids[1]]
    assert cache.files_below(Path("/old")) == {}


def test_an_id_is_never_used_for_another_photo(cache: Cache) -> None:
    ids = cache.put([cached(f"/p/{n}.jpg", n) for n in range(3)], ENCODER, unit(3))
    cache.mark_missing(ids.tolist())
    (new,) = cache.put([cached("/p/new.jpg", 10)], ENCODER, unit(1, seed=1))
    assert new > ids.max()


def test_an_unknown_digest_is_a_mistake_and_stores_nothing(cache: Cache) -> None:
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    with pytest.raises(ValueError, match="no photo with digest"):
        cache.put_known([(photo("/p/b.jpg"), digest(1)), (photo("/p/c.jpg"), digest(2))])
    assert set(cache.files_below(Path("/p"))) == {"/p/a.jpg"}


def test_an_index_run_is_told_which_files_it_may_pass_over(cache: Cache) -> None:
    ids = cache.put([cached("/p/a.jpg", 1), cached("/p/q/b.jpg", 2), cached("/p/q/c.jpg", 3)], ENCODER, unit(3))
    cache.put([cached("/p/other.jpg", 4)], "other/1", unit(1))
    cache.put_failed([FailedFile(photo("/p/broken.jpg"), "It is broken.")])
    cache.mark_missing([int(ids[2])])
    known = cache.known_below(Path("/p"), ENCODER)
    assert known.embedded == {"/p": {"a.jpg": (1000, 1, 1)}, "/p/q": {"b.jpg": (1000, 1, 1)}}
    everything = cache.files_below(Path("/p"))
    assert known.others == {path: everything[path] for path in ("/p/q/c.jpg", "/p/other.jpg", "/p/broken.jpg")}
    assert cache.known_below(Path("/p/q"), "never heard of").others.keys() == {"/p/q/b.jpg", "/p/q/c.jpg"}
    assert cache.known_below(Path("/"), ENCODER).embedded == known.embedded
    assert cache.known_below(Path("/elsewhere"), ENCODER).embedded == {}


@pytest.mark.skipif(os.sep != "/", reason="names of any bytes are POSIX's")
@given(st.lists(st.binary(min_size=1, max_size=6).filter(lambda name: not {0, 47, 46} & set(name)), unique=True))
def test_names_of_any_bytes_come_back_in_a_collection(names: list[bytes]) -> None:
    with TemporaryDirectory() as folder, Cache.open(Path(folder) / "cache.db") as cache:
        paths = [f"/p/\udcff{number % 2}/{os.fsdecode(name)}" for number, name in enumerate(names)]
        cache.put([cached(path, number) for number, path in enumerate(paths)], ENCODER, unit(len(paths)))
        assert tuple(cache.collection(Path("/p"), ENCODER).files) == tuple(path[3:] for path in paths)


def test_files_are_hidden_by_their_paths(cache: Cache) -> None:
    cache.put([cached("/p/a.jpg", 1), cached("/p/q/a.jpg", 2), cached("/p/b.jpg", 3)], ENCODER, unit(3))
    cache.mark_gone(["/p/q/a.jpg", "/p/b.jpg", "/never/seen.jpg"])
    assert tuple(cache.collection(Path("/p"), ENCODER).files) == ("a.jpg",)


def test_a_missing_photo_is_hidden_and_comes_back_as_it_was(cache: Cache) -> None:
    ids = cache.put([cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)], ENCODER, unit(2))
    cache.mark_missing([int(ids[0])])
    assert tuple(cache.collection(Path("/p"), ENCODER).files) == ("b.jpg",)
    assert cache.files_below(Path("/p"))["/p/a.jpg"].missing
    cache.mark_present(ids[:1].tolist())
    assert cache.collection(Path("/p"), ENCODER).photo_ids.tolist() == ids.tolist()


def test_a_failed_file_says_why_and_can_recover(cache: Cache) -> None:
    (failed,) = cache.put_failed([FailedFile(photo("/p/a.jpg"), "It is broken.", refused=True)])
    record = cache.files_below(Path("/p"))["/p/a.jpg"]
    assert (record.error, record.refused, record.digest) == ("It is broken.", True, None)
    assert cache.count(Path("/p"), ENCODER) == 0
    assert cache.known_sizes() == frozenset()
    assert cache.put([cached("/p/a.jpg", 1, size=77)], ENCODER, unit(1)).tolist() == [failed]
    assert cache.files_below(Path("/p"))["/p/a.jpg"].error == ""
    assert cache.known_sizes() == {77}
    cache.put_failed([FailedFile(photo("/p/a.jpg"), "Broken again.")])
    assert cache.count(Path("/p"), ENCODER) == 0


def test_camera_times_come_aligned_with_the_collection(cache: Cache) -> None:
    moment = datetime(1965, 3, 1, 12)  # noqa: DTZ001 - camera time, before the epoch
    photos = [cached("/q/x.jpg", 9, facts=PhotoFacts(1, 1, moment)), cached("/p/a.jpg", 1)]
    photos.append(cached("/p/b.jpg", 2, facts=PhotoFacts(1, 1, moment)))
    cache.put(photos, ENCODER, unit(3))
    taken = cache.taken(cache.collection(Path("/p"), ENCODER).photo_ids)
    assert np.isnat(taken[0])
    assert taken[1] == np.datetime64("1965-03-01T12:00:00")
    assert len(cache.taken(np.empty(0, dtype=np.int64))) == 0


def test_facts_of_an_unknown_photo_are_a_key_error(cache: Cache) -> None:
    with pytest.raises(KeyError):
        cache.facts(1)


def test_an_empty_thumbnail_keeps_the_one_that_is_there(cache: Cache) -> None:
    cache.put([cached("/p/a.jpg", 1)], ENCODER, unit(1))
    cache.put([cached("/p/a.jpg", 1, thumbnail=b"")], ENCODER, unit(1))
    assert cache.thumbnail(digest(1)) == b"jpeg"
    assert cache.thumbnail(digest(2)) is None


def test_a_sketch_goes_with_the_thumbnail_it_was_made_of(cache: Cache) -> None:
    ids = cache.put([cached("/p/a.jpg", 1), cached("/p/b.jpg", 2)], ENCODER, unit(2))
    cache.put_sketches([(digest(1), b"ab"), (digest(2), b"cd"), (digest(3), b"ef")])
    cache.put([cached("/p/a.jpg", 1, thumbnail=b"another"), cached("/p/b.jpg", 2, thumbnail=b"")], ENCODER, unit(2))
    sketches, known = cache.sketches(ids, 2)
    assert known.tolist() == [False, True]
    assert sketches[1].tobytes() == b"cd"
    assert not cache.sketches(ids, 3)[1].any()  # of another length, by another version


def test_a_digest_that_is_none_is_a_mistake(cache: Cache) -> None:
    with pytest.raises(ValueError, match="digest"):
        cache.thumbnail("abcd")
    with pytest.raises(ValueError, match="hexadecimal"):
        cache.thumbnail("z" * 32)


def test_a_digest_with_a_flipped_bit_is_found_out_and_the_cache_begun_anew(tmp_path: Path) -> None:
    photos = [cached("/p/b.jpg", 1), cached("/p/c.jpg", 2)]
    with Cache.open(tmp_path / "cache.db") as cache:
        cache.put(photos, ENCODER, unit(2))
        pages, size = cache._db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'photos'").fetchone()[0], 8192
    content = bytearray((tmp_path / "cache.db").read_bytes())
    at = content.index(bytes.fromhex(digest(1)), (pages - 1) * size, pages * size)  # in the row, not in its index
    content[at] ^= 1
    (tmp_path / "cache.db").write_bytes(content)
    with Cache.open(tmp_path / "cache.db") as cache:
        assert tuple(cache.collection(Path("/p"), ENCODER).files) == ("c.jpg",)
        assert cache.embedded([digest(1)], ENCODER) == set()
        with pytest.raises(CacheDamagedError):
            cache.put(photos[:1], ENCODER, unit(1))
        if Path("/proc/self/fd").is_dir():  # a file that is held cannot be deleted everywhere, and takes its room
            held = [entry.readlink() for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
            assert not any(".damaged-" in path.name for path in held)
        cache.put(photos, ENCODER, unit(2))
        assert tuple(cache.collection(Path("/p"), ENCODER).digests) == (digest(1), digest(2))
