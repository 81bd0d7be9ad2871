"""Where a person stands before the board, as one value that outlives the panels."""

from dataclasses import dataclass

from clipsorter.ui.grouping.albums import AlbumKey
from clipsorter.ui.side_panel import Group


@dataclass(frozen=True, slots=True)
class Standing:
    """What of the board is looked at: a group, an album, one bin, all together; and what of the side panel."""

    group: Group | None
    album: AlbumKey | None
    only: tuple[str | None, ...]  # the bin that alone is shown, None being Unsorted; empty: all
    together: bool  # all photos are shown in one grid
    top_id: int | None  # of the photo that stands first in what is seen of it
    scrolled: int  # px, of the side panel
