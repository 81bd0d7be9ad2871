"""Keywords in an XMP packet: read, added and removed without touching another byte of it.

The packet is never written anew. It is parsed to find where things stand, and the few bytes that change are spliced
in: other people's properties, namespaces, comments and white space stay as they are, and removing what was added
gives back the packet as it was. DOCTYPE, entities, other encodings than UTF-8 and packets over 1 MiB are refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal
from xml.sax.saxutils import escape

from clipsorter.filing.packet import MAX_BYTES, RDF, Node, XmpError, qualified, rdf_of

_DC = "http://purl.org/dc/elements/1.1/"
_LR = "http://ns.adobe.com/lightroom/1.0/"
_DIGIKAM = "http://www.digikam.org/ns/1.0/"

# What a new sidecar holds; without keywords it says nothing, so it can be removed again.
EMPTY = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="ClipSorter">
 <rdf:RDF xmlns:rdf="{RDF}">
  <rdf:Description rdf:about=""
    xmlns:dc="{_DC}"
    xmlns:lr="{_LR}"
    xmlns:digiKam="{_DIGIKAM}">
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
""".encode()


@dataclass(frozen=True, slots=True)
class Keywords:
    """The three lists in which programs keep keywords, in their order."""

    subject: tuple[str, ...] = ()  # dc:subject: "Beach"
    hierarchical: tuple[str, ...] = ()  # lr:hierarchicalSubject: "Trips|Beach"
    tags_list: tuple[str, ...] = ()  # digiKam:TagsList: "Trips/Beach"

    def __bool__(self) -> bool:
        return bool(self.subject or self.hierarchical or self.tags_list)

    def __add__(self, other: "Keywords") -> "Keywords":
        """These and, after them, what only the other has."""
        return self._zipped(other, lambda mine, theirs: (*mine, *(one for one in theirs if one not in mine)))

    def __sub__(self, other: "Keywords") -> "Keywords":
        """These without what the other has."""
        return self._zipped(other, lambda mine, theirs: tuple(one for one in mine if one not in theirs))

    def __and__(self, other: "Keywords") -> "Keywords":
        """What both have, in this order."""
        return self._zipped(other, lambda mine, theirs: tuple(one for one in mine if one in theirs))

    def _zipped(
        self, other: "Keywords", joined: Callable[[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]
    ) -> "Keywords":
        return Keywords(
            joined(self.subject, other.subject),
            joined(self.hierarchical, other.hierarchical),
            joined(self.tags_list, other.tags_list),
        )


def keywords_of(categories: Iterable[Sequence[str]]) -> Keywords:
    """The keywords for categories, each a path from the topmost category down to the one that holds."""
    found = Keywords()
    for path in categories:
        parts = [text for text in (tag_text(part) for part in path) if text]
        if parts:
            # Neither list knows an escape for its separator.
            adobe = "|".join(part.replace("|", "-") for part in parts)
            digikam = "/".join(part.replace("/", "-") for part in parts)
            found += Keywords((parts[-1],), (adobe,), (digikam,))
    return found


def tag_text(text: str) -> str:
    """The text as XML can hold it: white space as single blanks, no control characters or lone surrogates."""
    allowed = (
        sign if sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff" else " "
        for sign in text
    )
    return " ".join("".join(allowed).split())


def read(packet: bytes) -> Keywords:
    """The keywords in a packet. Raises XmpError."""
    parsed = _parsed(packet)
    return Keywords(*(tuple(parsed.values(prop)) for prop in _PROPERTIES))


def edited(packet: bytes, *, add: Keywords, remove: Keywords) -> bytes:
    """The packet with some keywords added where they are missing and some removed where they stand.

    Comes back unchanged, byte for byte, when there is nothing to do. Raises XmpError where the packet is left alone.
    """
    for prop, value in zip(_PROPERTIES, (remove.subject, remove.hierarchical, remove.tags_list), strict=True):
        packet = _without(packet, prop, value)
    for prop, value in zip(_PROPERTIES, (add.subject, add.hierarchical, add.tags_list), strict=True):
        packet = _with(packet, prop, value)
    if len(packet) > MAX_BYTES:
        raise XmpError("would become bigger than 1 MiB")
    return packet


# --------------------------------------------------------------------------------------------------------- structure


@dataclass(frozen=True, slots=True)
class _Property:
    uri: str
    name: str
    prefix: str  # where the packet has none of its own
    container: Literal["Bag", "Seq"]


_PROPERTIES = (
    _Property(_DC, "subject", "dc", "Bag"),
    _Property(_LR, "hierarchicalSubject", "lr", "Bag"),
    _Property(_DIGIKAM, "TagsList", "digiKam", "Seq"),
)


@dataclass(slots=True)
class _Packet:
    data: bytes
    rdf: Node
    descriptions: list[Node]

    def property(self, prop: _Property) -> Node | None:
        return next(filter(None, (node.child(prop.uri, prop.name) for node in self.descriptions)), None)

    def values(self, prop: _Property) -> list[str]:
        found = [node.child(prop.uri, prop.name) for node in self.descriptions]
        return [value for node in found if node for value in _values(node)]


def _values(node: Node) -> list[str]:
    container = node.child(RDF, "Bag", "Seq", "Alt")
    if container is None:
        return [node.text.strip()] if node.text.strip() and not node.children else []
    return [item.text.strip() for item in container.children if item.name == "li" and item.uri == RDF]


def _parsed(packet: bytes) -> _Packet:
    rdf = rdf_of(packet)
    return _Packet(packet, rdf, [node for node in rdf.children if node.uri == RDF and node.name == "Description"])


# ----------------------------------------------------------------------------------------------------------- editing


def _with(packet: bytes, prop: _Property, values: Sequence[str]) -> bytes:
    parsed = _parsed(packet)
    missing = [value for value in values if value not in parsed.values(prop)]
    if not missing:
        return packet
    node = parsed.property(prop)
    if node is None:
        return _with_property(parsed, prop, missing)
    container = node.child(RDF, "Bag", "Seq", "Alt")
    if container is None:
        if node.children or any(name.startswith(RDF) for name in node.attributes):
            raise XmpError("keeps its keywords in a form that ClipSorter does not know")
        return _spliced(packet, node.start, node.end, _property(prop, [*_values(node), *missing], node.scope, ""))
    items = _items(missing, container.scope)
    if container.empty:
        name = container.qualified
        opening = packet[container.start : container.inner - 2].rstrip() + b">"
        return _spliced(packet, container.start, container.end, opening + b"".join(items) + f"</{name}>".encode())
    last = container.children[-1] if container.children else None
    at = last.end if last else container.inner
    space = _space_before(packet, last.start) if last else b""
    return _spliced(packet, at, at, b"".join(space + item for item in items))


def _with_property(parsed: _Packet, prop: _Property, values: Sequence[str]) -> bytes:
    packet = parsed.data
    if not parsed.descriptions:
        rdf = parsed.rdf
        name = qualified(rdf.prefix, "Description")
        # In no namespace an attribute without prefix would be: rdf needs one for "about", which may be left out.
        about = f' {rdf.prefix}:about=""' if rdf.prefix else ""
        body = f"<{name}{about}>".encode() + _property(prop, values, rdf.scope, "") + f"</{name}>".encode()
        return _inside(packet, rdf, body)
    node = next((one for one in parsed.descriptions if prop.uri in one.scope), parsed.descriptions[0])
    space = _space_before(packet, node.children[-1].start) if node.children else _deeper(packet, node)
    return _inside(packet, node, space + _property(prop, values, node.scope, space.decode()))


def _inside(packet: bytes, node: Node, body: bytes) -> bytes:
    """The packet with ``body`` as the last child of ``node``."""
    if node.empty:
        opening = packet[node.start : node.inner - 2].rstrip() + b">"
        closing = _space_before(packet, node.start) + f"</{node.qualified}>".encode()
        return _spliced(packet, node.start, node.end, opening + body + closing)
    at = node.children[-1].end if node.children else node.inner
    return _spliced(packet, at, at, body)


def _property(prop: _Property, values: Sequence[str], scope: Mapping[str, str], space: str) -> bytes:
    prefix = scope.get(prop.uri) or (prop.prefix if prop.prefix != scope[RDF] else f"{prop.prefix}1")
    declared = "" if scope.get(prop.uri) else f' xmlns:{prefix}="{escape(prop.uri)}"'
    rdf = scope[RDF]
    container = qualified(rdf, prop.container)
    inner, deeper = (f"{space} ", f"{space}  ") if space.startswith("\n") else ("", "")
    items = "".join(f"{deeper}{item.decode()}" for item in _items(values, scope))
    return (
        f"<{prefix}:{prop.name}{declared}>{inner}<{container}>{items}{inner}</{container}>{space}</{prefix}:{prop.name}>"
    ).encode()


def _items(values: Iterable[str], scope: Mapping[str, str]) -> list[bytes]:
    name = qualified(scope[RDF], "li")
    return [f"<{name}>{escape(value)}</{name}>".encode() for value in values]


def _without(packet: bytes, prop: _Property, values: Iterable[str]) -> bytes:
    for value in values:
        parsed = _parsed(packet)
        for node in filter(None, (one.child(prop.uri, prop.name) for one in parsed.descriptions)):
            container = node.child(RDF, "Bag", "Seq", "Alt")
            items = container.children if container else []
            item = next((one for one in reversed(items) if one.name == "li" and one.text.strip() == value), None)
            if item is not None:
                gone = node if len(items) == 1 else item
                start = gone.start - len(_space_before(packet, gone.start))
                packet = _spliced(packet, start, gone.end, b"")
                break
    return packet


def _space_before(packet: bytes, at: int) -> bytes:
    """The white space between the tag before and this place."""
    before = packet[:at]
    return before[len(before.rstrip(b" \t\r\n")) :]


def _deeper(packet: bytes, node: Node) -> bytes:
    space = _space_before(packet, node.start)
    return space + b" " if space.startswith((b"\n", b"\r")) else space


def _spliced(packet: bytes, start: int, end: int, body: bytes) -> bytes:
    return b"".join(chain((packet[:start], body, packet[end:])))
