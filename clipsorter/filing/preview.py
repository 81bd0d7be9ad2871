"""The target as a plan would leave it, counted for people."""

from dataclasses import dataclass

from clipsorter.filing.plan import Plan


@dataclass(frozen=True, slots=True)
class Branch:
    """One folder of the preview; counts include everything below."""

    name: str
    path: str  # relative to the target, with "/"; empty for the target itself
    photos: int
    files: int  # photos, companions and links
    size: int  # bytes of photos and companions; links count nothing
    folders: tuple["Branch", ...]  # by name


@dataclass(slots=True)
class _Counted:
    photos: int
    files: int
    size: int
    below: dict[str, "_Counted"]


def tree(plan: Plan) -> Branch:
    """The folders that a plan fills, from the target down. Pure."""
    root = _Counted(0, 0, 0, {})
    for photo in plan.photos:
        for position, operation in enumerate(photo.operations):
            size = operation.identity.size if operation.kind in {"move", "copy"} else 0
            folder = root
            for part in ["", *operation.destination.split("/")[:-1]]:
                folder = folder.below.setdefault(part, _Counted(0, 0, 0, {})) if part else root
                folder.photos += position == 0
                folder.files += 1
                folder.size += size
    return _branch("", "", root)


def _branch(name: str, path: str, counted: _Counted) -> Branch:
    folders = tuple(
        _branch(part, f"{path}/{part}" if path else part, below) for part, below in sorted(counted.below.items())
    )
    return Branch(name, path, counted.photos, counted.files, counted.size, folders)
