"""A phrase as the parts a person sees: which are complete, and how they are put together again. Knows no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from clipsorter.errors import QueryError
from clipsorter.ranking.grammar import COMMAS, Look, Placed, Taken, parse_query

Kind = Literal["wanted", "unwanted", "condition"]


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a phrase, as typed and as understood."""

    text: str
    meaning: Look | Taken | Placed

    @property
    def kind(self) -> Kind:
        """How it acts on what is found."""
        if self.meaning.unwanted:
            return "unwanted"
        return "wanted" if isinstance(self.meaning, Look) else "condition"

    @property
    def is_plain(self) -> bool:
        """Words that would run together with those beside them."""
        meaning = self.meaning
        if not isinstance(meaning, Look) or meaning.kind != "words" or meaning.unwanted:
            return False
        return self.text.split()[0] == meaning.text.split()[0]  # neither a weight nor a quotation mark in front


def read_tokens(text: str) -> tuple[Token, ...]:
    """All parts of a phrase, in order. Raises QueryError as the grammar does."""
    query = parse_query(text)
    parts = sorted((*query.looks, *query.conditions), key=lambda part: part.position)
    ends = [*(part.position for part in parts), len(text)][1:]
    return tuple(
        Token(text[part.position : end].strip(COMMAS + " \t\u3000"), part)
        for part, end in zip(parts, ends, strict=True)
    )


def split_complete(text: str) -> tuple[tuple[Token, ...], str]:
    """The parts that a cursor at the end has left, and the text that is still being typed.

    Plain words are complete only when a comma or another part follows, because the next word may belong to them. What
    cannot be understood is left to be typed on.
    """
    if not text or not (text[-1].isspace() or text[-1] in COMMAS):
        return (), text
    try:
        tokens = read_tokens(text)
    except QueryError:
        return (), text
    if tokens and tokens[-1].is_plain and text.rstrip()[-1] not in COMMAS:
        start = tokens[-1].meaning.position
        return tokens[:-1], text[start:] if len(tokens) > 1 else text
    return tokens, ""


def join(tokens: Sequence[Token], rest: str = "") -> str:
    """One phrase that means the same: a comma keeps plain words from running into what follows."""
    phrase = ""
    for token in tokens:
        phrase += token.text + (", " if token.is_plain else " ")
    return phrase + rest if rest.strip() else phrase.rstrip(", ")


def start_of(tokens: Sequence[Token], place: int) -> int:
    """Where the token at ``place`` begins in the joined phrase; for ``len(tokens)``, where the rest begins."""
    return len("".join(token.text + (", " if token.is_plain else " ") for token in tokens[:place]))
