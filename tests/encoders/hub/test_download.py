"""What arrives is what was meant, whatever the hub, the network and the disk do; nothing is fetched twice."""

import errno
import hashlib
import shutil
from collections import namedtuple
from dataclasses import replace

import pytest

from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hub import transfer
from clipsorter.encoders.hub.address import Network
from clipsorter.encoders.hub.asking import Patience
from clipsorter.encoders.hub.events import Fetching, Retrying, Verifying
from clipsorter.encoders.hub.planning import Plan
from clipsorter.encoders.installed import find_installed, list_installed
from clipsorter.encoders.sources import find_model
from clipsorter.errors import DownloadError, ModelFilesError
from tests.encoders.hub.conftest import FILE, NAME, WEIGHTS, Place, ask, fetch, last, run
from tests.encoders.hub.fake_hub import COMMIT, FakeHub
from tests.encoders.tiny_weights import tiny_weights

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def plan(entry: CatalogueEntry, hub: FakeHub, place: Place) -> Plan:
    """What there is to download, asked while the hub still behaves."""
    return ask(entry, place)


def test_size_and_licence_are_known_before_a_byte_of_the_model_travels(plan: Plan, hub: FakeHub) -> None:
    assert plan.size == len(WEIGHTS) + len(b'{"model_cfg": {}}')
    assert plan.licence == "mit"
    assert dict(plan.commits) == {plan.entry.repository: COMMIT}
    assert [file.path for file in plan.files] == [FILE, "open_clip_config.json"]
    assert set(hub.asked) == {f"GET /api/models/{plan.entry.repository}/revision/main"}


def test_a_model_arrives_whole_pinned_and_ready(plan: Plan, hub: FakeHub, place: Place) -> None:
    events = list(run(plan, place))
    model = last(events)
    assert model.weights.read_bytes() == WEIGHTS
    assert model.commits == {plan.entry.repository: COMMIT}
    assert {file.vouched_by for file in model.files} == {"hub"}
    assert {path for path in hub.asked if "resolve" in path} == {
        f"GET /{plan.entry.repository}/resolve/{COMMIT}/{file.path}" for file in plan.files
    }
    assert [path.name for path in place.models.iterdir()] == [NAME]
    assert find_model(NAME, place.models).weights == model.weights
    fetching = [event for event in events if isinstance(event, Fetching)]
    assert fetching[-1].done == fetching[-1].total == plan.size
    assert any(isinstance(event, Verifying) for event in events)


def test_a_mirror_that_serves_only_files_will_do(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    hub.behaviour.lists = False
    model = fetch(entry, place)
    assert model.weights.read_bytes() == WEIGHTS
    assert model.commits == {entry.repository: COMMIT}
    assert {file.vouched_by for file in model.files} == {"hub"}


def test_hashes_in_capitals_are_compared_too(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    hub.behaviour.capitals = True
    hub.behaviour.flip_at, hub.behaviour.flip_times = 600_000, 1
    model = fetch(entry, place)
    assert model.weights.read_bytes() == WEIGHTS
    assert {file.vouched_by for file in model.files} == {"hub"}


def test_a_cut_connection_is_gone_on_with_where_it_was_cut(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.cut_after = 300_000
    model = last(run(plan, place))
    assert model.weights.read_bytes() == WEIGHTS
    assert len(hub.ranges) >= 3
    assert hub.sent == len(WEIGHTS)  # no byte twice


def test_an_interrupted_download_goes_on_at_the_next_start(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.stall_after = 500_000
    steps = run(plan, place)
    for event in steps:
        if isinstance(event, Fetching) and event.done >= 500_000:
            break
    steps.close()
    assert find_installed(NAME, place.models) is None
    with pytest.raises(ModelFilesError, match="not on this machine"):
        find_model(NAME, place.models)
    hub.behaviour.stall_after = None
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS
    assert hub.ranges == ["bytes=500000-"]


def test_a_cancel_is_heard_while_nothing_comes(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.stall_after = 10
    steps = run(plan, replace(place, patience=Patience(stall_seconds=1e9, poll_seconds=0.02)))
    silent = [event for event, _ in zip(steps, range(20), strict=False)]
    steps.close()  # returns at once, or the test's own time limit says so
    assert len(silent) == 20


def test_silence_is_not_waited_for(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.stall_after, hub.behaviour.stall_times = 400_000, 1
    events = list(run(plan, place))
    assert any(isinstance(event, Retrying) and "nothing came" in event.reason for event in events)
    assert last(events).weights.read_bytes() == WEIGHTS


def test_endless_silence_ends_with_a_sentence_and_keeps_what_came(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.stall_after = 0
    with pytest.raises(DownloadError, match=r"(nothing came|does not answer).*What is here is kept"):
        list(run(plan, place))


def test_a_server_without_ranges_starts_over(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.ranges = False
    hub.behaviour.cut_after, hub.behaviour.cut_times = 700_000, 2
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS
    assert hub.ranges == []


def test_a_weak_tag_is_not_relied_on(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.weak_tags = True
    hub.behaviour.cut_after, hub.behaviour.cut_times = 700_000, 1
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS


def test_another_part_than_asked_for_is_not_glued_on(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.wrong_part = True
    hub.behaviour.cut_after, hub.behaviour.cut_times = 700_000, 1
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS


def test_one_flipped_bit_is_noticed_and_the_file_fetched_anew(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.flip_at, hub.behaviour.flip_times = 600_000, 1
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS
    assert hub.sent == 2 * len(WEIGHTS)


def test_a_file_that_stays_wrong_never_gets_its_name(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.flip_at = 600_000
    with pytest.raises(DownloadError, match=r"SHA-256 is .* wrong.*thrown away"):
        list(run(plan, place))
    assert not list(place.models.rglob("*.safetensors"))
    assert list_installed(place.models) == ()


def test_a_busy_hub_is_asked_again(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    hub.behaviour.busy_times = 3
    assert fetch(entry, place).weights.read_bytes() == WEIGHTS


def test_a_hub_that_stays_busy_is_named(hub: FakeHub, plan: Plan, place: Place) -> None:
    hub.behaviour.busy_times = 10**9
    with pytest.raises(DownloadError, match=r"is busy \(status 503\)"):
        list(run(plan, place))


def test_a_login_page_is_named_as_such(entry: CatalogueEntry, plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.page = True
    with pytest.raises(DownloadError, match="login page"):
        ask(entry, place)
    with pytest.raises(DownloadError, match="login page"):
        list(run(plan, place))


def test_a_login_page_in_disguise_is_named_too(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.page_for_files = True
    with pytest.raises(DownloadError, match="login page"):
        list(run(plan, place))


@pytest.mark.parametrize("more", [-1, -600_000, 1, 600_000])
def test_a_wrong_size_is_said_in_numbers(more: int, plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.short, hub.behaviour.long = max(0, -more), max(0, more)
    with pytest.raises(DownloadError, match=f"{len(WEIGHTS) + more:,} bytes instead of {len(WEIGHTS):,}"):
        list(run(plan, place))


@pytest.mark.parametrize("where", ["http://example.org/weights", "ftp://127.0.0.1/x", "file:///etc/passwd", "//[bad"])
def test_a_redirect_to_an_unsafe_place_is_not_followed(where: str, plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.redirect_to = where
    with pytest.raises(DownloadError, match="sends us on to"):
        list(run(plan, place))


def test_a_redirect_in_a_circle_ends(plan: Plan, hub: FakeHub, place: Place) -> None:
    hub.behaviour.redirect_to = f"/{plan.entry.repository}/resolve/{COMMIT}/{FILE}"
    with pytest.raises(DownloadError, match="in circles"):
        list(run(plan, place))


def test_a_password_goes_to_the_mirror_and_nowhere_else(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    other = FakeHub(hub.repositories)
    other.start()
    try:
        digest = hashlib.sha256(WEIGHTS).hexdigest()
        hub.behaviour.redirect_to = f"{other.url}/elsewhere/{digest}"
        network = Network(mirror=hub.url.replace("//", "//me:secret@"))
        assert fetch(entry, replace(place, network=network)).weights.read_bytes() == WEIGHTS
    finally:
        other.stop()
    assert hub.authorizations
    assert other.asked[f"GET /elsewhere/{digest}"] == 1
    assert other.authorizations == []


def test_a_closed_repository_is_named(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    hub.behaviour.forbidden = True
    with pytest.raises(DownloadError, match="to everybody"):
        ask(entry, place)


def test_no_network_says_so(entry: CatalogueEntry, place: Place) -> None:
    with pytest.raises(DownloadError, match="refuses the connection"):
        ask(entry, replace(place, network=Network(mirror="http://127.0.0.1:9")))


@pytest.mark.parametrize(
    "mirror", ["http://example.org", "ftp://example.org", "https://", "https://a b", "http://10.0.0.1"]
)
def test_an_unsafe_mirror_is_refused_before_anything_is_sent(mirror: str, entry: CatalogueEntry, place: Place) -> None:
    with pytest.raises(DownloadError, match="https://"):
        ask(entry, replace(place, network=Network(mirror=mirror)))


def test_weights_that_are_none_are_refused_though_the_hub_vouches_for_them(
    entry: CatalogueEntry, hub: FakeHub, place: Place
) -> None:
    hub.repositories[entry.repository][FILE] = b"version https://git-lfs.github.com/spec/v1\n" * 50
    with pytest.raises(ModelFilesError, match="no safetensors file"):
        fetch(entry, place)
    assert list_installed(place.models) == ()


def test_a_full_disk_is_told_before_and_while(
    plan: Plan, hub: FakeHub, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = len(WEIGHTS) + transfer.SPARE  # the description beside it does not fit
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - free, free))
        with pytest.raises(DownloadError, match="not enough room"):
            list(run(plan, place))
    assert not any("resolve" in path for path in hub.asked)
    with monkeypatch.context() as patch:
        patch.setattr(transfer.os, "fsync", _refuse)
        with pytest.raises(DownloadError, match="disk is full"):
            list(run(plan, place))
    assert last(run(plan, place)).weights.read_bytes() == WEIGHTS


def _refuse(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_new_version_replaces_the_old_one_only_when_it_is_whole(
    entry: CatalogueEntry, hub: FakeHub, place: Place
) -> None:
    before = fetch(entry, place)
    hub.repositories[entry.repository][FILE] = new = tiny_weights(b"another version" * 40_000)
    hub.behaviour.flip_at = 1000
    with pytest.raises(DownloadError):
        fetch(entry, place)
    assert before.weights.read_bytes() == WEIGHTS
    hub.behaviour.flip_at = None
    assert fetch(entry, place).weights.read_bytes() == new
    assert [path.name for path in place.models.iterdir()] == [NAME]


def test_a_persons_own_folder_is_not_replaced(plan: Plan, place: Place) -> None:
    mine = place.models / NAME
    mine.mkdir(parents=True)
    (mine / "mine.safetensors").write_bytes(b"mine")
    with pytest.raises(DownloadError, match="in the way"):
        list(run(plan, place))
    assert (mine / "mine.safetensors").read_bytes() == b"mine"
