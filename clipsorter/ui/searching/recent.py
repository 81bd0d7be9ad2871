"""Searches to repeat, newest first."""

from collections.abc import Sequence

MOST = 20


def remember(recent: Sequence[str], phrase: str) -> tuple[str, ...]:
    """With this phrase in front; one that another only began is dropped."""
    if not phrase:
        return tuple(recent)
    kept = [one for one in recent if one != phrase and not phrase.startswith(f"{one} ")]
    return (phrase, *kept)[:MOST]
