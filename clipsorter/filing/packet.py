"""Where the elements of an XMP packet stand, to the byte, so that a few bytes can be spliced in and the rest kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_BYTES = 1 << 20
_MAX_DEPTH = 100  # real packets stay below 20
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class XmpError(Exception):
    """A packet that is left alone, and why; a sentence without its subject ("is not well-formed XML")."""


@dataclass(slots=True)
class Node:
    """One element and where it stands, in bytes from the start of the packet."""

    uri: str
    name: str
    prefix: str
    start: int
    inner: int  # after the start tag
    empty: bool  # written as <a/>
    scope: Mapping[str, str]  # namespace -> prefix, as it may be used inside
    attributes: Sequence[str]  # names, "namespace name prefix"
    inner_end: int = 0  # before the end tag
    end: int = 0
    text: str = ""  # all text below
    children: list["Node"] = field(default_factory=list)

    def child(self, uri: str, *names: str) -> "Node | None":
        """The first child of one of these names."""
        return next((node for node in self.children if node.uri == uri and node.name in names), None)

    @property
    def qualified(self) -> str:
        """The name as written."""
        return qualified(self.prefix, self.name)


def qualified(prefix: str, local: str) -> str:
    """``rdf:li``, or ``li`` where the namespace needs no prefix."""
    return f"{prefix}:{local}" if prefix else local


def rdf_of(packet: bytes) -> Node:
    """The packet's rdf:RDF element with everything in it.

    Raises XmpError for anything but well-formed XMP in UTF-8 of at most 1 MiB without DOCTYPE: entities, the way to
    make a small file huge or to read other files, exist only there.
    """
    if len(packet) > MAX_BYTES:
        raise XmpError("is bigger than 1 MiB")
    parser = _Parser(packet)
    try:
        packet.decode("utf-8")
        if b"\0" in packet:
            raise XmpError("is not written in UTF-8")
        parser.expat.Parse(packet, True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise XmpError("is not well-formed XML in UTF-8") from error
    waiting = list(parser.roots)
    while waiting:
        node = waiting.pop(0)
        if node.uri == RDF and node.name == "RDF":
            return node
        waiting += node.children
    raise XmpError("is XML but not XMP")


class _Parser:
    """Builds nodes from expat's events, which know their byte positions."""

    def __init__(self, packet: bytes) -> None:
        self.roots: list[Node] = []
        self._packet = packet
        self._stack: list[Node] = []
        self._scopes: list[dict[str, str]] = [{}]
        self._declared: dict[str, str] = {}
        self.expat = parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in {"utf-8", "us-ascii"}:
            raise XmpError(f"is written in {encoding}, not in UTF-8")

    def _doctype(self, *_: object) -> None:
        raise XmpError("has a DOCTYPE, which no sidecar needs")

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri:
            self._declared[uri] = prefix or ""

    def _start(self, name: str, attributes: list[str]) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise XmpError("is nested too deeply")
        uri, local, prefix = _name_parts(name)
        at = self.expat.CurrentByteIndex
        inner = _tag_end(self._packet, at)
        # A prefix that is bound anew here no longer means what it meant outside.
        bound = set(self._declared.values())
        scope = {space: sign for space, sign in self._scopes[-1].items() if sign not in bound} | self._declared
        self._scopes.append(scope)
        self._declared = {}
        is_empty = self._packet[inner - 2 : inner] == b"/>"
        node = Node(uri, local, prefix, at, inner, is_empty, scope, attributes[::2])
        (self._stack[-1].children if self._stack else self.roots).append(node)
        self._stack.append(node)

    def _end(self, _name: str) -> None:
        node = self._stack.pop()
        self._scopes.pop()
        node.inner_end = node.inner if node.empty else self.expat.CurrentByteIndex
        node.end = node.inner if node.empty else _tag_end(self._packet, node.inner_end)
        if self._stack:
            self._stack[-1].text += node.text

    def _text(self, content: str) -> None:
        if self._stack:
            self._stack[-1].text += content


def _name_parts(name: str) -> tuple[str, str, str]:
    """Expat's "namespace name prefix", of which the last, or the first and last, may be missing."""
    match name.split(" "):
        case [local]:
            return "", local, ""
        case [uri, local]:
            return uri, local, ""
        case [uri, local, prefix, *_]:
            return uri, local, prefix
    raise XmpError("has an element without a name")


def _tag_end(data: bytes, start: int) -> int:
    """After the ``>`` that ends the tag at ``start``; one inside an attribute's quotes does not count."""
    quote = 0
    for index in range(start, len(data)):
        sign = data[index]
        if quote:
            quote = 0 if sign == quote else quote
        elif sign in b"\"'":
            quote = sign
        elif sign == ord(">"):
            return index + 1
    return len(data)
