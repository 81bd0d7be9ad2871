"""Proxies and certificates: the hub is reached as this network wants it, or a sentence says what stands in the way."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from clipsorter.encoders.catalogue import CatalogueEntry
from clipsorter.encoders.hub.address import Network
from clipsorter.errors import DownloadError
from tests.encoders.hub.conftest import FILE, WEIGHTS, Place, ask, fetch
from tests.encoders.hub.fake_hub import FakeHub
from tests.encoders.hub.fake_proxy import FakeProxy

HUB = "https://hub.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a company does whose proxy reads along, and a person whose mirror has a certificate of its own."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture
def hub(entry: CatalogueEntry, authority: trustme.CA) -> Iterator[FakeHub]:
    """Encrypted, as the real one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hub.example", "127.0.0.1").configure_cert(context)
    started = FakeHub({entry.repository: {FILE: WEIGHTS}})
    started.start(context)
    yield started
    started.stop()


@pytest.fixture
def proxy(hub: FakeHub) -> Iterator[FakeProxy]:
    started = FakeProxy(hub.port)
    started.start()
    yield started
    started.stop()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("secret", ["", "me:p%40ss@"])
def test_a_model_comes_through_a_proxy(
    secret: str, entry: CatalogueEntry, hub: FakeHub, proxy: FakeProxy, place: Place
) -> None:
    proxy.wanted = "Basic bWU6cEBzcw==" if secret else ""  # me:p@ss
    way = Network(HUB, proxy.url.replace("//", f"//{secret}"))
    model = fetch(entry, replace(place, network=way))
    assert model.weights.read_bytes() == WEIGHTS
    assert set(proxy.asked) == {"CONNECT hub.example:443"}
    assert set(proxy.secrets) == {proxy.wanted}
    assert hub.authorizations == []  # what the proxy wants to know is none of the hub's business


@pytest.mark.usefixtures("trusted")
def test_the_systems_proxy_is_asked_too(
    entry: CatalogueEntry, proxy: FakeProxy, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert ask(entry, replace(place, network=Network(HUB))).files
    assert proxy.asked


@pytest.mark.usefixtures("trusted")
def test_a_proxy_that_wants_a_password_says_so(entry: CatalogueEntry, proxy: FakeProxy, place: Place) -> None:
    proxy.wanted = "Basic bWU6cEBzcw=="
    with pytest.raises(DownloadError, match=r'proxy "127\.0\.0\.1" wants a user name and a password') as refused:
        ask(entry, replace(place, network=Network(HUB, proxy.url.replace("//", "//me:wrong@"))))
    assert "wrong" not in str(refused.value)
    assert len(proxy.asked) == 1  # and is not asked again with the same one


def test_a_proxy_that_is_not_there_is_named(entry: CatalogueEntry, place: Place) -> None:
    with pytest.raises(DownloadError, match=r'the proxy "127\.0\.0\.1" refuses the connection'):
        ask(entry, replace(place, network=Network(HUB, "127.0.0.1:9")))


@pytest.mark.parametrize("way", ["straight", "by proxy"])
def test_a_certificate_nobody_vouches_for_is_refused_once(
    way: str, entry: CatalogueEntry, hub: FakeHub, proxy: FakeProxy, place: Place
) -> None:
    network = Network(hub.url) if way == "straight" else Network(HUB, proxy.url)
    name = "127.0.0.1" if way == "straight" else "hub.example"
    with pytest.raises(DownloadError, match=f'certificate of "{name}" is not valid.*SSL_CERT_FILE'):
        ask(entry, replace(place, network=network))
    assert not hub.asked
    assert len(proxy.asked) == (way == "by proxy")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_a_person_vouches_for_will_do(entry: CatalogueEntry, hub: FakeHub, place: Place) -> None:
    model = fetch(entry, replace(place, network=Network(hub.url)))
    assert model.weights.read_bytes() == WEIGHTS
    assert model.origin == hub.url


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host_is_refused(entry: CatalogueEntry, proxy: FakeProxy, place: Place) -> None:
    with pytest.raises(DownloadError, match=r'certificate of "elsewhere\.example" is not valid'):
        ask(entry, replace(place, network=Network("https://elsewhere.example", proxy.url)))
