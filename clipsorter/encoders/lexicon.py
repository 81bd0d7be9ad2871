"""Everyday Chinese for a text tower that reads English: a small lexicon, no torch, no network.

A phrase is cut into the fewest known words (longest matches win), measure words and particles fall away, and what is
left is said in English in the same order: sentence encoders that average their words care little for grammar. English
passes untouched, mixed text keeps its English. What nobody knows is named, so that the app can say so instead of
ranking photos by noise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Literal, NamedTuple

# CJK ideographs with extension A and the compatibility forms.
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_PUNCTUATION = str.maketrans("，。、；：！？（）“”‘’《》「」　", ',.,;:!?()""\'\'"""" ')
_UNKNOWN_COST = 20  # of one character; more than any number of short words that could replace it

Kind = Literal["word", "particle", "medium", "unknown"]


@dataclass(frozen=True, slots=True)
class Translation:
    """``text`` is the English; ``unknown`` are the Chinese parts without one, in the order of the phrase.

    Nothing was understood when ``text`` is empty.
    """

    text: str
    unknown: tuple[str, ...]


class _Piece(NamedTuple):
    chinese: str
    english: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words as read from the resources; immutable."""

    english: Mapping[str, str]  # Chinese word -> English
    particles: frozenset[str]  # words that show nothing
    simplified: Mapping[int, str]  # for str.translate
    longest: int  # characters of the longest word


# What a prompt calls the picture itself: said only when nothing else is.
_MEDIUM = {"照片": "photo", "相片": "photo", "图片": "picture", "图像": "picture", "照": "photo", "图": "picture"}


def translate(phrase: str) -> Translation:
    """Say a phrase in English as far as its words are known; without Chinese characters it comes back as it is."""
    if not _CHINESE.search(phrase):
        return Translation(phrase, ())
    lexicon = read_lexicon()
    plain = phrase.translate(_PUNCTUATION).translate(lexicon.simplified)
    parts: list[str] = []
    unknown: list[str] = []
    medium: list[str] = []
    end = 0
    for match in _CHINESE.finditer(plain):
        parts.append(plain[end : match.start()])
        end = match.end()
        for piece in _cut(match.group(), lexicon):
            if piece.kind == "word":
                parts.append(f" {piece.english} ")
            elif piece.kind == "medium":
                medium.append(piece.english)
            elif piece.kind == "unknown":
                unknown.append(piece.chinese)
    parts.append(plain[end:])
    text = _tidy("".join(parts))
    if not any(letter.isalnum() for letter in text):
        text = f"a {medium[0]}" if medium and not unknown else ""
    elif medium and not re.search(r"\b(photo|picture)\b", text):
        text = f"a {medium[0]} of {text}"
    return Translation(text, tuple(dict.fromkeys(unknown)))


def say_in_english(phrase: str) -> str:
    """``translate`` for a text tower: what is not known is left out, and nothing known is an unspecific photo."""
    return translate(phrase).text or "a photo"


@cache
def fingerprint() -> str:
    """Eight hex digits that change with the lexicon: embeddings made through another one are not ours."""
    lines = [line for name in ("lexicon.txt", "particles.txt", "traditional.txt") for line in _read_lines(name)]
    return sha256("\n".join(lines).encode()).hexdigest()[:8]


@cache
def read_lexicon() -> Lexicon:
    """The shipped lexicon; the first meaning of a word counts."""
    english: dict[str, str] = {}
    for line in _read_lines("lexicon.txt"):
        meaning, _, words = line.partition(":")
        for word in words.split():
            english.setdefault(word, meaning.strip())
    particles = frozenset(word for line in _read_lines("particles.txt") for word in line.split())
    simplified = {ord(pair[0]): pair[1] for line in _read_lines("traditional.txt") for pair in line.split()}
    return Lexicon(english, particles, simplified, max(map(len, [*english, *particles])))


def _read_lines(name: str) -> list[str]:
    file = resources.files("clipsorter.resources").joinpath("starter_model", name)
    return [line for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def _cut(run: str, lexicon: Lexicon) -> list[_Piece]:
    """The cheapest way to cut a run of Chinese characters; unknown neighbours become one piece."""
    # best[i] is the cost and the last piece of the best cut of run[:i].
    best: list[tuple[float, _Piece | None]] = [(0.0, None)]
    for end in range(1, len(run) + 1):
        choices = [
            (best[start][0] + cost, piece)
            for start in range(max(0, end - lexicon.longest), end)
            for cost, piece in _name(run[start:end], lexicon)
        ]
        best.append(min(choices, key=lambda choice: choice[0]))
    pieces: list[_Piece] = []
    end = len(run)
    while end:
        piece = best[end][1]
        assert piece is not None  # only position 0 has none
        end -= len(piece.chinese)
        if pieces and piece.kind == pieces[-1].kind == "unknown":
            piece = _Piece(piece.chinese + pieces.pop().chinese, "", "unknown")
        pieces.append(piece)
    return pieces[::-1]


def _name(part: str, lexicon: Lexicon) -> list[tuple[float, _Piece]]:
    """The readings of a part, with costs: few long words are better, a word is better than a particle."""
    readings: list[tuple[float, _Piece]] = []
    if part in _MEDIUM:
        readings.append((1.0, _Piece(part, _MEDIUM[part], "medium")))
    elif part in lexicon.particles:
        readings.append((1.2, _Piece(part, "", "particle")))
    if part in lexicon.english:
        readings.append((1.1, _Piece(part, lexicon.english[part], "word")))
    if len(part) == 1 and not readings:
        readings.append((_UNKNOWN_COST, _Piece(part, "", "unknown")))
    return readings


def _tidy(text: str) -> str:
    """Single spaces, none before punctuation, and no article twice."""
    single = re.sub(r"\s+([,.;:!?)])", r"\1", " ".join(text.split()))
    return re.sub(r"\b(an?|the) (?=(?:an?|the|one|some|many) )", "", single).strip(" ,;:")
