"""``clipsorter why``: reasons as sentences for people, as one JSON object for programs."""

from dataclasses import asdict

import numpy as np

from clipsorter.cli.output import print_json
from clipsorter.cli.terminal import printable
from clipsorter.engine.explaining import Explained
from clipsorter.filing.table import DIGITS, UNSORTED
from clipsorter.ranking.reasons import CategoryReason, QueryReason

NAMED_CATEGORIES = 5  # the most similar; the JSON has all


def print_why(explained: Explained) -> None:
    """The bin, then what speaks for and against the nearest categories, then the search."""
    how = "you put it there" if explained.decided else "by its looks"
    print(printable(f"{explained.file}: {explained.bin or UNSORTED}, {how}."))
    for one in explained.categories[:NAMED_CATEGORIES]:
        for line in _category_lines(one):
            print(printable(line))
    if explained.query:
        for line in _query_lines(explained.query):
            print(printable(line))


def print_why_json(explained: Explained) -> None:
    """The stable contract of ``clipsorter why --json``; no cut-off and an unreachable one are null."""
    print_json(_plain(asdict(explained)))


def _category_lines(one: CategoryReason) -> list[str]:
    lines = [f"  {one.name}: similarity {one.similarity:.3f}, {_limit(one.cutoff)}: {'yes' if one.belongs else 'no'}"]
    if one.verdict:
        lines.append(f"    You said {one.verdict}.")
    if len(one.phrases) > 1:
        lines.append(f"    Nearest phrase: {one.phrases[0].phrase} ({one.phrases[0].similarity:.3f})")
    if one.background:
        lines.append(f"    “{one.background.phrase}” describes it better ({one.background.similarity:.3f}).")
    if one.exclusion:
        lines.append(f"    Nearer to the excluded “{one.exclusion.phrase}” ({one.exclusion.similarity:.3f}).")
    if one.pulls:
        lines.append(f"    The words alone give {one.untaught:.3f}; your examples moved it, most of all:")
        lines += [f"      {pull.pull:+.3f}  {'' if pull.accepted else 'not '}{pull.file}" for pull in one.pulls]
    return lines


def _query_lines(query: QueryReason) -> list[str]:
    lines = [f"Search: {'found' if query.hit else 'not found'}, rank {query.rank:,}"]
    if np.isfinite(query.cutoff):
        lines[0] += f", similarity {query.similarity:.3f}, {_limit(query.cutoff)}"
    if query.named:
        lines.append("  Its name holds the words.")
    for look in query.looks:
        minus = "-" if look.unwanted else ""
        lines.append(f"  {minus}{look.text}: {look.similarity:.3f}, {'' if look.seen else 'not '}plain to see")
    lines += [
        f"  The condition at character {one.position + 1} is {'met' if one.met else 'not met'}."
        for one in query.conditions
    ]
    return lines


def _limit(cutoff: float) -> str:
    if cutoff == -np.inf:
        return "no cut-off"
    return "the model does not know the word" if cutoff == np.inf else f"cut-off {cutoff:.3f}"


def _plain(value: object) -> object:
    match value:
        case dict():
            return {key: _plain(entry) for key, entry in value.items()}
        case tuple() | list():
            return [_plain(entry) for entry in value]
        case float():
            return round(value, DIGITS) if np.isfinite(value) else None
    return value
