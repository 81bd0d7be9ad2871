"""What is remembered.

A ``DataFolder`` is locked for one running ClipSorter at a time. ``cache.db`` (``Cache``) holds what can be computed
again: files, photos, embeddings, text embeddings, thumbnails. ``library.db`` (``Library``) holds what a person made:
folders, categories, decisions. A ``Collection`` is a folder's embedded photos as arrays, read through a memory-mapped
mirror. Only this room speaks SQL.
"""
