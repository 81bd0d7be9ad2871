"""Embeddings become bins: pure functions over arrays, no I/O.

Categories become prompts (``prompts``, by the ``sentences`` of each language), prompts become category weights ``[K,
D]``. A person's decisions, found again among the photos (``examples``), move these weights (``teaching``). Photos times
weights become cosine similarities and probabilities (``similarity``), cut-offs and everyday words tell a match from the
least bad guess (``cutoffs``, ``elsewhere``), and all of it becomes a ``Board``: every photo in one bin, best first,
with the questions worth asking (``board``, ``review``). What a decision changed is counted between two boards
(``changes``). In Tag mode a photo has several homes (``homes``). A search phrase is read by ``grammar`` and compared
with every photo by ``queries``. ``states`` is what a search may ask besides looks. ``reasons`` takes a bin or a hit
apart into numbers that can be said. A video counts by its nearest of several ``frames``; ``albums`` says what a folder
is about. ``similar`` finds photos that look alike, ``neighbours`` pairs of them among very many, ``suggestions`` the
categories that a library asks for. What is done to every photo is done in ``blocks``.
"""
