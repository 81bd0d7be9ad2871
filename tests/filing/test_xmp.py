import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipsorter.filing.packet import MAX_BYTES, XmpError
from clipsorter.filing.xmp import EMPTY, Keywords, edited, keywords_of, read, tag_text

LIGHTROOM = """<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000 1.000000">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:my="urn:example:unknown"
   xmp:Rating="4"
   crs:Exposure2012="+0.35"
   my:thing="a &gt; b">
   <!-- a comment of theirs -->
   <dc:subject>
    <rdf:Bag>
     <rdf:li>family</rdf:li>
     <rdf:li>夏天</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <lr:hierarchicalSubject>
    <rdf:Bag>
     <rdf:li>People|family</rdf:li>
    </rdf:Bag>
   </lr:hierarchicalSubject>
   <my:deep><rdf:Seq><rdf:li rdf:parseType="Resource"><my:x>1</my:x></rdf:li></rdf:Seq></my:deep>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""".encode()

DIGIKAM = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    digiKam:PickLabel="0">
   <digiKam:TagsList>
    <rdf:Seq>
     <rdf:li>Places/Paris</rdf:li>
    </rdf:Seq>
   </digiKam:TagsList>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""

SHAPES = {
    "lightroom": LIGHTROOM,
    "digikam": DIGIKAM,
    "empty": EMPTY,
    "crlf": LIGHTROOM.replace(b"\n", b"\r\n"),
    "with a mark": b"\xef\xbb\xbf" + LIGHTROOM,
    "self-closing": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about=""/></r:RDF>',
    "bare": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "default namespace": b'<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description></Description></RDF>',
    "other prefixes": b"<a:RDF xmlns:a='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='urn:not-dublin-core'>"
    b"<a:Description xmlns:s='http://purl.org/dc/elements/1.1/' dc:x='>'><s:subject><a:Bag/></s:subject>"
    b"</a:Description></a:RDF>",
    "rdf under the name of dc": b"<dc:RDF xmlns:dc='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<dc:Description dc:about=''/></dc:RDF>",
    "plain text": b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
    b"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject>alone</dc:subject></rdf:Description></rdf:RDF>",
    "two descriptions": b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description/>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Seq><rdf:li>x</rdf:li></rdf:Seq>"
    b"</dc:subject></rdf:Description></rdf:RDF>",
}

_words = st.text(max_size=12).map(tag_text).filter(bool)
_paths = st.lists(st.lists(_words, min_size=1, max_size=3), max_size=4)


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25)
@given(paths=_paths)
def test_what_is_added_can_be_read_and_what_was_there_stays(shape: str, paths: list[list[str]]) -> None:
    packet, ours = SHAPES[shape], keywords_of(paths)
    theirs = read(packet)
    written = edited(packet, add=ours, remove=Keywords())
    assert read(written) == theirs + ours
    assert edited(written, add=ours, remove=Keywords()) == written


@pytest.mark.parametrize(
    "shape",
    sorted(
        set(SHAPES)
        - {"self-closing", "bare", "other prefixes", "plain text", "two descriptions", "rdf under the name of dc"}
    ),
)
@settings(max_examples=25)
@given(paths=_paths)
def test_removing_what_was_added_gives_back_every_byte(shape: str, paths: list[list[str]]) -> None:
    packet = SHAPES[shape]
    ours = keywords_of(paths) - read(packet)
    written = edited(packet, add=ours, remove=Keywords())
    assert edited(written, add=Keywords(), remove=ours) == packet


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25)
@given(paths=_paths)
def test_removing_ours_leaves_theirs(shape: str, paths: list[list[str]]) -> None:
    packet = SHAPES[shape]
    theirs = read(packet)
    ours = keywords_of(paths) - theirs
    written = edited(packet, add=ours, remove=Keywords())
    assert read(edited(written, add=Keywords(), remove=ours)) == theirs


def test_foreign_bytes_are_not_touched() -> None:
    ours = keywords_of([["海滩"], ["Trips", "A & <B>"]])
    written = edited(LIGHTROOM, add=ours, remove=Keywords())
    rest = iter(written)
    assert all(byte in rest for byte in LIGHTROOM)  # every old byte is still there, in order
    assert b"<!-- a comment of theirs -->" in written
    assert b'my:thing="a &gt; b"' in written
    assert read(written).subject == ("family", "夏天", "海滩", "A & <B>")
    assert read(written).hierarchical == ("People|family", "海滩", "Trips|A & <B>")
    assert read(written).tags_list == ("海滩", "Trips/A & <B>")


def test_nothing_to_do_changes_nothing() -> None:
    there = read(LIGHTROOM)
    assert edited(LIGHTROOM, add=there, remove=keywords_of([["not there"]])) == LIGHTROOM


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"", "well-formed"),
        (b"not xml", "well-formed"),
        (LIGHTROOM[:-20], "well-formed"),
        (b"<a/>", "not XMP"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + LIGHTROOM, "DOCTYPE"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + LIGHTROOM, "DOCTYPE"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + LIGHTROOM, "ISO-8859-1"),
        (LIGHTROOM.decode().encode("utf-16"), "UTF-8"),
        (LIGHTROOM.decode().encode("utf-16-le"), "UTF-8"),
        (LIGHTROOM.replace("夏".encode(), b"\xff"), "UTF-8"),
        (b"<a>" * 200_000, "deeply"),
        (LIGHTROOM + b" " * MAX_BYTES, "1 MiB"),
        (LIGHTROOM.replace(b"<rdf:li>family</rdf:li>", b"&undefined;"), "well-formed"),
    ],
)
def test_what_is_not_a_plain_packet_is_refused(packet: bytes, why: str) -> None:
    with pytest.raises(XmpError, match=why):
        read(packet)
    with pytest.raises(XmpError, match=why):
        edited(packet, add=keywords_of([["x"]]), remove=Keywords())


def test_keywords_in_an_unknown_form_are_left_alone() -> None:
    odd = LIGHTROOM.replace(b"<rdf:Bag>\n     <rdf:li>family</rdf:li>", b"<my:Odd>").replace(
        "<rdf:li>夏天</rdf:li>\n    </rdf:Bag>".encode(), b"</my:Odd>", 1
    )
    with pytest.raises(XmpError, match="form"):
        edited(odd, add=keywords_of([["x"]]), remove=Keywords())


def test_separators_inside_names_are_replaced_where_they_would_split() -> None:
    assert keywords_of([["AC/DC", "a|b"]]) == Keywords(("a|b",), ("AC/DC|a-b",), ("AC-DC/a|b",))


# Both tools expect the usual prefix for rdf, although XML would allow any.
@pytest.mark.parametrize("shape", [shape for shape, packet in SHAPES.items() if b"<rdf:RDF" in packet])
def test_two_other_programs_read_what_we_write(shape: str, tmp_path: Path) -> None:
    exiftool, exiv2 = shutil.which("exiftool"), shutil.which("exiv2")
    if not exiftool or not exiv2:
        pytest.skip("exiftool and exiv2 are not both installed")
    ours = keywords_of([["海滩"], ["Trips", "A & <B>"]])
    path = tmp_path / "IMG.jpg.xmp"
    path.write_bytes(edited(SHAPES[shape], add=ours, remove=Keywords()))
    wanted = read(path.read_bytes())

    def ask(*command: str) -> str:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=30)
        return answer.stdout.decode()

    def exif(tag: str) -> tuple[str, ...]:
        return tuple(ask(exiftool, "-s3", "-sep", "##", f"-XMP-{tag}", str(path)).strip("\n").split("##"))

    assert exif("dc:Subject") == wanted.subject
    assert exif("lr:HierarchicalSubject") == wanted.hierarchical
    assert exif("digiKam:TagsList") == wanted.tags_list
    if not SHAPES[shape].count(b"xmpmeta"):
        return  # exiv2 insists on the x:xmpmeta around the RDF
    shown = ask(exiv2, "-PXt", str(path))
    for word in (*wanted.subject, *wanted.hierarchical, *wanted.tags_list):
        assert word in shown
