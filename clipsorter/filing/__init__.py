"""Bins become files: the only room that writes what a person can see.

The way of a photo: the engine hands in plain values; ``planning`` finds out what travels with it (``companions``) and
where it goes (``names``, ``places``) and makes a ``plan``, which ``plan_file`` writes and reads, ``preview`` shows as a
tree and ``rehearsal`` checks (``checks``: what must hold before each act; ``identity``: is the file still the one that
was looked at; ``confines``: no way leads out of photo folder and target). ``apply`` does it, each act announced in the
``journal`` first (in ``records``), across disks by ``carry``, and tells it in ``events``. ``undo`` and ``recover`` take
it back through ``reversal``, which believes only what stands on the disk.

Keywords: ``tags`` writes categories into the ``sidecar`` of each photo and withdraws exactly those (``tag_log`` knows
which), ``xmp`` splices them into a ``packet`` and leaves every other byte, ``keywords`` reads what is there already.
Only when asked they go into the photo itself too: ``embedding``, through ``exiftool``.

Reports: ``table`` and ``contact_sheet`` export sorted ``rows`` for programs and for people; ``exports`` puts a report
in place whole or not at all, and never where a photo stands.

Every act that changes a disk is a method of ``disk.Disk``, so that tests can fail or kill the process at each.
"""
