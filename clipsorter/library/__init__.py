"""What is remembered.

A ``DataFolder`` is locked for one running ClipSorter at a time. ``database`` opens an SQLite file only when it is
surely ours, and turns SQLite's errors into ours; what is in it is the business of two classes:

``Cache`` (cache.db) holds what can be computed again: files (``file_table``), what is in them and their thumbnails
(``content_table``), embeddings of photos and prompts (``embedding_table``), keywords (``keyword_table``). A damaged one
is set aside and begun anew. A ``Collection`` is a folder's embedded photos as arrays (``collecting``), read through a
memory-mapped ``mirror``. ``ThumbnailReader`` serves another thread.

``Library`` (library.db) holds what a person made: folders, categories (``bin_table``), lists of them under a name
(``set_table``), how strict to be with which encoder (``tuning_table``), decisions and the log that takes them back
(``decision_table``, by the pure rules of ``deciding``). It is never overwritten, and ``snapshots`` of it are kept.
``settings`` are the window's preferences, in a file a person could read.

A damaged row is told from a sound one: each embedding has a ``seal``, each row of library.db rules (``library_rows``).
The ``log`` names no photo. Only this room speaks SQL.
"""
