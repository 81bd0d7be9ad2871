"""ClipSorter sorts photos by meaning, on this machine alone.

The rooms, in the order a photo meets them::

    photos     a folder becomes files, a file becomes pixels and facts
    encoders   pixels and words become embeddings in one space (the only torch user)
    library    what is remembered: cache.db, library.db, settings (the only SQLite user)
    ranking    embeddings and words become bins: pure numpy, no I/O
    filing     bins become folders and tags on disk (the only writer of the person's files)
    engine     the story that joins them: index, rank, search as generators of frozen events
    ui         the window (the only Qt user); cli: the same engine for scripts

Below all rooms: ``values`` holds the frozen facts that they speak, ``columns`` the strings of very many photos as
bytes, ``errors`` everything that can go wrong. ``children`` starts a child process, ``cores`` counts what it may use;
``presence`` and ``regular_files`` look at files that may be anything, ``json_text`` reads what anybody may have
written, ``redaction`` takes the names out of a log, ``languages`` tells which one a phrase is in. The arrows point one
way; ``lint-imports`` keeps it so.
"""

__version__ = "0.2.0"
