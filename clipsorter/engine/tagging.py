"""A tag run: keywords beside the photos and, on request, inside them; searches find them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from clipsorter.engine.filing_steps import TagRequest
from clipsorter.filing.embedding import EmbedEvent, Rewriting, embed_tags, withdraw_embedded
from clipsorter.filing.keywords import folded_keywords, keywords_of_photo
from clipsorter.filing.tags import SidecarWritten, TagEvent, TagsFinished, ToTag, withdraw_tags, write_tags
from clipsorter.library.cache import Cache
from clipsorter.library.library import Library

READ_AT_ONCE = 32  # sidecars whose photos' keywords are read again in one transaction


def write_keywords(
    photos: Sequence[ToTag], request: TagRequest, tags: Path, cache: Cache, library: Library, *, dry_run: bool
) -> Iterator[TagEvent]:
    """Write what photos are to be tagged with; ``tags`` is the folder with the record of what we wrote."""
    sidecars = write_tags(photos, tags, style=request.style, dry_run=dry_run)
    inside = embed_tags(photos, tags, dry_run=dry_run) if request.embed else None
    yield from _then_read_keywords(_one_after_other(sidecars, inside, library), cache, dry_run=dry_run)


def withdraw_keywords(
    folder: Path, moved: Mapping[Path, str], tags: Path, cache: Cache, library: Library, *, dry_run: bool
) -> Iterator[TagEvent]:
    """Remove our keywords, and only ours, below a folder; ``moved``: the digest of every photo that is there now."""
    sidecars = withdraw_tags(folder, tags, moved=moved, dry_run=dry_run)
    inside = withdraw_embedded(folder, tags, moved=moved, dry_run=dry_run)
    yield from _then_read_keywords(_one_after_other(sidecars, inside, library), cache, dry_run=dry_run)


def _one_after_other(
    sidecars: Iterator[TagEvent], inside: Iterator[EmbedEvent] | None, library: Library
) -> Iterator[TagEvent]:
    """The events of a sidecar run and of a run inside the photos, as those of one run.

    Before a photo gets new bytes, what a person decided about the old ones is decided about the new ones: decisions
    are kept by content.
    """
    finished = TagsFinished(0, 0, 0)
    decisions = library.decisions() if inside is not None else {}
    for event in chain(sidecars, inside or ()):
        match event:
            case TagsFinished(changed, unchanged, left):
                finished = TagsFinished(
                    finished.changed + changed, finished.unchanged + unchanged, finished.left_alone + left
                )
            case Rewriting(was=was, now=now):
                if carried := [replace(one, digest=now) for one in decisions.get(was, ())]:
                    library.decide(carried)
            case _:
                yield event
    yield finished


def _then_read_keywords(events: Iterator[TagEvent], cache: Cache, *, dry_run: bool) -> Iterator[TagEvent]:
    """Let searches find at once what a run writes into sidecars or takes out of them.

    Keywords inside photos wait for the next index run, which has to read the new bytes anyway.
    """
    changed: list[Path] = []
    for event in events:
        if (
            isinstance(event, SidecarWritten)
            and event.changed
            and not dry_run
            and event.sidecar.suffix.lower() == ".xmp"
        ):
            changed.append(event.sidecar)
        if len(changed) >= READ_AT_ONCE or isinstance(event, TagsFinished):
            photos = [one for sidecar in changed for one in cache.photos_beside(sidecar)]
            cache.put_keywords((photo_id, folded_keywords(keywords_of_photo(path))) for photo_id, path in photos)
            changed.clear()
        yield event
