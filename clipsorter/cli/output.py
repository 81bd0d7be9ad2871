"""What the commands print on standard output: words for people, JSON lines for programs."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import numpy as np

from clipsorter.cli.terminal import printable, tell
from clipsorter.engine.duplicates import Duplicates
from clipsorter.engine.events import EntryFailed, Found, Indexed, PhotoFailed, Recalled
from clipsorter.engine.exploring import Alike, Suggested
from clipsorter.filing.exports import report
from clipsorter.filing.rows import SortedPhoto
from clipsorter.filing.table import DIGITS, UNSORTED
from clipsorter.photos.report import EntryReport
from clipsorter.ranking.board import Board
from clipsorter.ranking.homes import ancestors
from clipsorter.values import Category


def print_board(photos: Iterable[SortedPhoto], board: Board, counts: Mapping[str, int]) -> None:
    """One heading per bin with its count, then a line per photo: cosine, probability, file.

    ``counts`` are those with the categories below; where they say more, the heading does.
    """
    stream = iter(photos)
    for column in board.bins:
        with_children = counts.get(column.name or "", len(column))
        more = f"; {with_children:,} with those below" if with_children > len(column) else ""
        print(printable(f"{column.name or UNSORTED} ({len(column):,}{more})"))
        for _ in range(len(column)):
            photo = next(stream)
            print(f"  {photo.similarity:6.3f}  {photo.probability:4.0%}  {printable(photo.file)}")


def print_counts(board: Board, counts: Mapping[str, int], categories: Sequence[Category], *, as_json: bool) -> None:
    """One line per bin: its photos, those with the categories below it, and the categories above it, nearest first."""
    for column in board.bins:
        with_below = counts.get(column.name or "", len(column))
        above = ancestors(column.name or "", categories)
        if as_json:
            print_json({"bin": column.name, "photos": len(column), "with_below": with_below, "above": above})
        else:
            path = " > ".join((*reversed(above), column.name or UNSORTED))
            print(printable(f"{len(column):>7,} {with_below:>7,}  {path}"))


def print_board_json(photos: Iterable[SortedPhoto]) -> None:
    """The stable contract of ``clipsorter sort --json``."""
    for photo in photos:
        print_json(
            {
                "file": photo.file,
                "bin": photo.bin,
                "similarity": photo.similarity,
                "probability": photo.probability,
                "margin": photo.margin,
                "similarities": dict(photo.similarities),
            }
        )


def print_failures_json(failures: Iterable[PhotoFailed | EntryFailed], folder: Path) -> None:
    """Photos that could not be read, in the shape of the others, so that every photo has its line."""
    for failure in failures:
        if isinstance(failure, EntryFailed):
            continue  # a folder is no photo; standard error and the exit status tell of it
        print_json(
            {
                "file": relative_name(failure.path, folder),
                "bin": None,
                "similarity": None,
                "probability": None,
                "margin": None,
                "similarities": {},
                "error": failure.reason,
            }
        )


def print_found(found: Found, limit: int | None) -> None:
    """The best photos with their cosine; a dot marks those that clear the query's cut-off."""
    result = found.result
    hits = int(result.hit.sum())
    rows = result.order[: hits if limit is None else limit]
    for row in rows:
        mark = "•" if result.hit[row] else " "
        print(f"{mark} {result.similarity[row]:6.3f}  {printable(found.collection.files[row])}")
    tell(f"{hits:,} of {count_photos(len(found.collection))} match.")


def print_found_json(found: Found, limit: int | None) -> None:
    """The stable contract of ``clipsorter search --json``: every photo, or the first ``limit``."""
    for rank, row in enumerate(found.result.order[:limit], 1):
        print_json(
            {
                "file": found.collection.files[row],
                "rank": rank,
                "similarity": _rounded(found.result.similarity[row]),
                "hit": bool(found.result.hit[row]),
            }
        )


def print_index_json(indexed: Indexed, failures: Iterable[PhotoFailed | EntryFailed], folder: Path) -> None:
    """One line per photo or folder that could not be read, then the counts of the run."""
    for failure in failures:
        print_json({"file": relative_name(failure.path, folder), "error": failure.reason})
    print_json(
        {
            "photos": indexed.photos,
            "embedded": indexed.embedded,
            "unchanged": indexed.unchanged,
            "failed": indexed.failed,
            "passed": indexed.passed,
            "seconds": round(indexed.seconds, 3),
        }
    )


def tell_if_nothing(words: str, found: Sized, *, as_json: bool) -> None:
    """A list without lines would leave a person in doubt whether anything was done; a program counts them."""
    if not found and not as_json:
        tell(words)


def print_decisions(recalled: Recalled, *, as_json: bool) -> None:
    """One line per decision on a photo of the folder; a bin of null means none of these."""
    tell_if_nothing(
        "Nothing has been decided about the photos of this folder yet.", recalled.decisions, as_json=as_json
    )
    collection = recalled.collection
    for file, digest in zip(collection.files, collection.digests, strict=True):
        for decision in recalled.decisions.get(digest, ()):
            if as_json:
                print_json({"file": file, "bin": decision.bin, "verdict": decision.verdict})
            else:
                verdict = "" if decision.verdict == "yes" else "not "
                print(f"{printable(file)}: {verdict}{decision.bin or 'none of these'}")


def print_suggested(suggested: Suggested, *, as_json: bool) -> None:
    """One line per proposed category: both names, count, sample photos."""
    tell_if_nothing("No everyday word describes enough of these photos.", suggested.categories, as_json=as_json)
    for one in suggested.categories:
        if as_json:
            line = {"name": one.word.english, "name_zh": one.word.chinese, "count": one.count, "files": one.files}
            print_json(line)
        else:
            print(f"{one.count:>7,}  {one.word.english} ({one.word.chinese}): {', '.join(map(printable, one.files))}")


def print_alike(alike: Alike, *, as_json: bool) -> None:
    """One line per photo, most similar first."""
    for rank, (file, similarity) in enumerate(alike.files, 1):
        if as_json:
            print_json({"file": file, "rank": rank, "similarity": _rounded(similarity)})
        else:
            print(f"{similarity:6.3f}  {printable(file)}")


def print_duplicates(duplicates: Duplicates, *, as_json: bool) -> None:
    """One line per group; "copies" have the same content, "near" nearly the same picture."""
    found = (*duplicates.copies, *duplicates.near)
    tell_if_nothing("No photo is there more than once.", found, as_json=as_json)
    for kind, groups in (("copies", duplicates.copies), ("near", duplicates.near)):
        for group in groups:
            if as_json:
                print_json({"kind": kind, "files": group.files, "keep": group.keeper})
            else:
                print(f"{kind}: {', '.join(map(printable, group.files))}; keep {printable(group.keeper)}")


def entry_line(entry: EntryReport) -> dict[str, object]:
    """One line of ``clipsorter scan``: every key always there, null where nothing is known."""
    return {
        "file": entry.file,
        "outcome": str(entry.outcome),
        "reason": entry.reason,
        "width": entry.width,
        "height": entry.height,
        "taken": entry.taken.isoformat() if entry.taken else None,
        "latitude": entry.latitude,
        "longitude": entry.longitude,
    }


@contextmanager
def report_lines(path: Path | None, *, to_stdout: bool) -> Iterator[Callable[[object], None]]:
    """A function that writes one JSON line to ``path`` and, where asked, to standard output.

    The file appears whole at the end of the block or not at all. Raises FilingError where it cannot be written.
    """
    with report(path) if path else nullcontext() as file:

        def write(value: object) -> None:
            if file is not None:
                file.write(json.dumps(value, allow_nan=False).encode("ascii") + b"\n")
            if to_stdout:
                print_json(value)

        yield write


def check_report(path: Path) -> None:
    """Raise FilingError now where ``report`` would raise it at the end of a long run."""
    with suppress(_OnlyCheckedError), report(path):
        raise _OnlyCheckedError  # a report whose writing fails leaves nothing


class _OnlyCheckedError(Exception):
    pass


def print_json(value: object) -> None:
    """One JSON line, in ASCII, so that no file name can break it."""
    print(json.dumps(value, ensure_ascii=True, allow_nan=False))


def count_photos(number: int) -> str:
    """``"1 photo"``, ``"2,345 photos"``."""
    return count(number, "photo", "photos")


def count(number: int, one: str, many: str) -> str:
    """``count(2345, "hit", "hits")`` is ``"2,345 hits"``."""
    return f"{number:,} {one if number == 1 else many}"


def relative_name(path: Path, folder: Path) -> str:
    """A path as the reports give it: relative to the folder, with "/"."""
    return path.relative_to(folder).as_posix()


def _rounded(number: float | np.floating) -> float:
    return round(float(number), DIGITS)
