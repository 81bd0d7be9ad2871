"""Where the hub is, how to get there, and where its answers may send us."""

import os
import re
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from clipsorter.errors import DownloadError

HUB = "https://huggingface.co"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart, its user name and password left out of ``url``."""

    url: str  # whole, without user name, password and fragment
    secure: bool
    host: str
    port: int
    target: str  # path and query, for the request line
    authorization: str = ""  # value of the header, for this host only

    @property
    def place(self) -> tuple[bool, str, int]:
        """What a user name and password belong to."""
        return self.secure, self.host, self.port

    @property
    def is_loopback(self) -> bool:
        """True for this very machine."""
        return self.host in LOOPBACK


@dataclass(frozen=True, slots=True)
class Network:
    """How to reach the hub. Empty: as the environment says (HF_ENDPOINT, HTTPS_PROXY and kin), else the hub itself."""

    mirror: str = ""  # address of a mirror with the hub's layout, such as "https://hf-mirror.com"
    proxy: str = ""  # "http://host:port", with "user:password@" where it wants that

    @property
    def hub(self) -> str:
        """The base address, without "/" at its end; raises DownloadError where it cannot be used."""
        base = (self.mirror or os.environ.get("HF_ENDPOINT") or HUB).strip()
        if "://" not in base:
            base = f"https://{base}"
        parse_address(base)
        return base.rstrip("/")

    def proxy_for(self, address: Address) -> Address | None:
        """The proxy to ask for ``address``; None: none."""
        if address.is_loopback:
            return None
        found = self.proxy.strip()
        if not found:
            if urllib.request.proxy_bypass(address.host):
                return None
            found = urllib.request.getproxies().get("https" if address.secure else "http", "")
        if not found:
            return None
        proxy = _parse(found if "://" in found else f"http://{found}", schemes=("http", "https"))
        if proxy is None:
            raise DownloadError(f'The proxy "{_without_secret(found)}" cannot be used; write it as http://host:port.')
        return proxy


def parse_address(url: str) -> Address:
    """Take ``url`` apart; raises DownloadError unless it is https, or http on this very machine."""
    address = _parse(url, schemes=("http", "https"))
    if address is None:
        raise DownloadError(f'"{_without_secret(url)}" is not the address of a hub; it begins with https://.')
    if not address.secure and not address.is_loopback:
        raise DownloadError(
            f'"{_without_secret(url)}" is not encrypted, so anybody on the way could exchange the model; '
            "use an address that begins with https://."
        )
    return address


def follow_redirect(before: Address, location: str) -> Address:
    """Where ``before`` sends us; raises DownloadError where we will not go. A password goes to the same host only."""
    try:
        after = _parse(urljoin(before.url, location), schemes=("http", "https"))
    except ValueError:  # brackets that do not match
        after = None
    if after is None or (not after.secure and (before.secure or not after.is_loopback)):
        raise DownloadError(
            f'"{before.host}" sends us on to "{_without_secret(location)[:120]}", which is not encrypted; '
            "nothing was fetched from there."
        )
    if after.place == before.place:
        return Address(after.url, after.secure, after.host, after.port, after.target, before.authorization)
    return Address(after.url, after.secure, after.host, after.port, after.target)


def file_url(base: str, repository: str, revision: str, path: str) -> str:
    """Where a hub serves a file: ``/ORGANISATION/NAME/resolve/REVISION/PATH``."""
    return f"{base}/{quote(repository)}/resolve/{quote(revision, safe='')}/{quote(path)}"


def listing_url(base: str, repository: str, revision: str) -> str:
    """Where a hub says what a repository holds at a revision, with sizes and hashes."""
    return f"{base}/api/models/{quote(repository)}/revision/{quote(revision, safe='')}?blobs=true"


def discussions_url(base: str, repository: str) -> str:
    """Where a hub lists the pull requests of the robot that converts pickles to safetensors."""
    return f"{base}/api/models/{quote(repository)}/discussions?author=SFconvertbot&type=pull_request"


def _parse(url: str, schemes: tuple[str, ...]) -> Address | None:
    if re.search(r"[\x00-\x20\x7f]", url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in schemes or not host:
        return None
    secure = parts.scheme == "https"
    bare = f"[{host}]" if ":" in host else host
    shown = bare if port is None else f"{bare}:{port}"
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/?%&=+,:;@!$'()*~-._[]")
    secret = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        secret = f"Basic {b64encode(pair.encode()).decode('ascii')}"
    default = 443 if secure else 80
    return Address(f"{parts.scheme}://{shown}{target}", secure, host, port or default, target, secret)


def _without_secret(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
