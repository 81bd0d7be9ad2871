"""Names of categories and of lists of them, where there is little room."""

LONGEST = 40  # characters


def shorten(name: str) -> str:
    """A name that leaves a menu or a title its shape."""
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
