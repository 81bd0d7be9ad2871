"""What a search phrase may say, and how it is read.

    sunset over water        words that stand together are one phrase
    beach, dog               two phrases, both wanted
    "exact phrase"           sent to the model as it is, without a sentence around it
    -people  -"two dogs"     not this: photos that show it are left out
    2:dog  0.5:"red car"     this phrase counts twice, half
    like:IMG_0042.jpg        looks like that photo of the folder
    2024  2023-05  2023-05-17  2023-05..2023-08  "summer 2023" without the quotes, march 2024, 2023年5月
    tag:family  bin:beach  bin:"Our dog"  is:unsorted  is:review  is:confirmed

A minus works in front of everything. Colon, minus and quotation marks may be full-width, curly or 「corners」, as
keyboards for Chinese write them. Words, phrases and ``like:`` say what a photo looks like and are weighed against each
other; dates, ``tag:``, ``bin:`` and ``is:`` are conditions that all have to hold.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from clipsorter.errors import QueryError

STATES = ("unsorted", "review", "confirmed")
# Beyond these one phrase outweighs another entirely, and float32 has no digits left to tell.
SMALLEST_WEIGHT, LARGEST_WEIGHT = 0.001, 1000
COMMAS = ",，、"  # between phrases; inside quotation marks and names they mean themselves
DASHES = "-－−"  # as keyboards write a minus

_SEASONS = {
    (3, 4, 5): ("spring", "春天", "春季"),
    (6, 7, 8): ("summer", "夏天", "夏季"),
    (9, 10, 11): ("autumn", "fall", "秋天", "秋季"),
    # Winter 2023 means the winter days of that year, at both of its ends.
    (1, 2, 12): ("winter", "冬天", "冬季"),
}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS_OF_WORD = {word: months for months, words in _SEASONS.items() for word in words} | {
    word: (number,) for number, name in enumerate(_MONTHS, 1) for word in {name, name[:3]}
}

_PART = re.compile(
    r"""(?P<minus>[-－−]?)
    (?: (?P<weight>\d+(?:\.\d+)?|\.\d+)[:：](?![\d/\\]) )?
    (?: (?P<field>tag|bin|is|like)[:：] )?
    (?: "(?P<quoted>[^"]*)(?P<end>"?)
      | “(?P<curly>[^”]*)(?P<curly_end>”?)
      | 「(?P<corner>[^」]*)(?P<corner_end>」?)
      | (?P<word>(?(field)[^\s"“「]|[^\s"“「,，、])+)
    )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = {"quoted": "end", "curly": "curly_end", "corner": "corner_end"}  # what is inside, and the mark that ends it
_DATE = re.compile(r"(?P<year>(?:18|19|20)\d\d)(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")
_CHINESE_DATE = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?(?P<season>\w*)"
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a photo should look like, or not: a phrase, or another photo of the folder."""

    text: str
    kind: Literal["words", "exact", "like"] = "words"
    weight: float = 1.0  # SMALLEST_WEIGHT to LARGEST_WEIGHT
    unwanted: bool = False
    position: int = 0  # of its first character in the query


@dataclass(frozen=True, slots=True)
class Taken:
    """A condition on the day a photo was taken: from ``first`` to ``last``, both included, in these months only."""

    first: date
    last: date
    months: tuple[int, ...] = ()  # empty: any
    unwanted: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A condition on where a photo stands: its tag, its bin, or its state."""

    field: Literal["tag", "bin", "is"]
    value: str
    unwanted: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """What a person looks for; ``text`` is as typed, without surrounding blanks."""

    text: str
    looks: tuple[Look, ...] = ()
    conditions: tuple[Taken | Placed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.looks or self.conditions)


@dataclass(frozen=True, slots=True)
class _Part:
    position: int
    unwanted: bool
    weight: float | None
    field: str
    value: str
    quoted: bool


def parse_query(text: str) -> Query:
    """Understand a search phrase. Raises QueryError pointing at the character that cannot be understood."""
    looks: list[Look] = []
    conditions: list[Taken | Placed] = []
    run: list[_Part] = []  # plain words that stand together

    def end_run() -> None:
        if run:
            looks.append(Look(" ".join(part.value for part in run), position=run[0].position))
            run.clear()

    for part in _split(text):
        if part is None:
            end_run()
        elif (taken := _read_date(part, run[-1] if run else None)) is not None:
            if taken.months and run and taken.position < part.position:
                run.pop()  # the season or month in front of the year
            end_run()
            conditions.append(taken)
        elif part.field in ("tag", "bin", "is"):
            end_run()
            conditions.append(_read_place(part))
        elif part.quoted or part.unwanted or part.weight is not None or part.field:
            end_run()
            looks.append(_read_look(part))
        else:
            run.append(part)
    end_run()
    return Query(text.strip(), tuple(looks), tuple(conditions))


def _split(text: str) -> Iterator[_Part | None]:
    """The parts, and None where a comma ends a phrase."""
    position = 0
    while position < len(text):
        if text[position].isspace() or text[position] in COMMAS:
            if text[position] in COMMAS:
                yield None
            position += 1
            continue
        found = _PART.match(text, position)
        assert found is not None  # every group is optional
        marks = next((one for one in _MARKS if found[one] is not None), None)
        if marks is not None and not found[_MARKS[marks]]:
            raise QueryError("This quotation mark is never closed.", found.start(marks) - 1, "open quote")
        word = (found["word"] or "").rstrip(COMMAS)
        if found["weight"] is not None and word.startswith(tuple(DASHES)):
            raise QueryError("What is unwanted cannot have a weight.", found.start("word"), "weighted unwanted")
        if not found["field"] and not word.strip(DASHES):
            word = ""  # lone dashes, as in "Rome - Paris", say nothing
        value = (word if marks is None else found[marks]).strip()
        if value or found["field"] or found["weight"] is not None or marks is not None:
            weight = None if found["weight"] is None else float(found["weight"])
            if not value:
                missing = min(found.end(), len(text) - 1)
                raise QueryError("Something to look for is missing here.", missing, "nothing named")
            if weight is not None and not SMALLEST_WEIGHT <= weight <= LARGEST_WEIGHT:
                sentence = "A weight is a number from 0.001 to 1000."
                raise QueryError(sentence, found.start("weight"), "weight range")
            field = (found["field"] or "").lower()
            yield _Part(position, bool(found["minus"]), weight, field, value, marks is not None)
        position = max(found.end(), position + 1)


def _read_look(part: _Part) -> Look:
    kind: Literal["words", "exact", "like"] = "like" if part.field == "like" else "exact" if part.quoted else "words"
    if part.unwanted and part.weight is not None:
        raise QueryError("What is unwanted cannot have a weight.", part.position, "weighted unwanted")
    return Look(part.value, kind, 1.0 if part.weight is None else part.weight, part.unwanted, part.position)


def _read_place(part: _Part) -> Placed:
    if part.weight is not None:
        sentence = f"{part.field}: is a condition and cannot have a weight."
        raise QueryError(sentence, part.position, "weighted condition", part.field)
    value = part.value.casefold() if part.field == "is" else part.value
    if part.field == "is" and value not in STATES:
        states = ", ".join(STATES)
        place = part.position + part.unwanted + 3
        raise QueryError(f"is: is followed by one of {states}.", place, "unknown state", states)
    if part.field == "tag":
        return Placed("tag", value, part.unwanted, part.position)
    return Placed("bin" if part.field == "bin" else "is", value, part.unwanted, part.position)


def _read_date(part: _Part, before: _Part | None) -> Taken | None:
    if part.quoted or part.field or part.weight is not None:
        return None
    at = part.position + part.unwanted
    chinese = _CHINESE_DATE.fullmatch(part.value)
    if chinese and (not chinese["season"] or chinese["season"] in _MONTHS_OF_WORD):
        first, last = _span(chinese, at)
        months = _MONTHS_OF_WORD.get(chinese["season"], ())
        return Taken(first, last, months, part.unwanted, part.position)
    sides = part.value.split("..")
    ends = [_DATE.fullmatch(side) for side in sides]
    if not all(ends):
        if len(sides) == 2 and any(ends):
            bad = at if ends[0] is None else at + len(sides[0]) + 2
            place = min(bad, at + len(part.value) - 1)
            raise QueryError("A date is written 2023, 2023-05 or 2023-05-17.", place, "date form")
        return None
    if len(ends) > 2:
        raise QueryError("A range of dates has two ends.", at + len(sides[0]), "range ends")
    spans = [_span(end, at) for end in ends if end is not None]
    first, last = spans[0][0], spans[-1][1]
    if last < first:
        raise QueryError("This range of dates ends before it begins.", at + len(sides[0]), "range backwards")
    if before is not None and not part.unwanted and len(part.value) == 4:
        months = _MONTHS_OF_WORD.get(before.value.casefold(), ())
        if months:
            return Taken(first, last, months, False, before.position)
    return Taken(first, last, (), part.unwanted, part.position)


def _span(found: re.Match[str], at: int) -> tuple[date, date]:
    """The first and the last day of a year, a month or a day."""
    year, month, day = (None if found[name] is None else int(found[name]) for name in ("year", "month", "day"))
    assert year is not None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise QueryError(f"There is no day {found[0]}.", at + found.start(), "no such day", found[0]) from error
    if day is not None:
        return first, first
    return first, date(year, month or 12, monthrange(year, month or 12)[1])
