"""Embeddings become bins: pure functions over arrays, no I/O.

Categories become prompts (``prompts``), prompts become category weights ``[K, D]``, photos times weights become cosine
similarities and probabilities (``similarity``), cut-offs tell a match from the least bad guess (``cutoffs``), a
person's decisions teach (``teaching``), and all of it becomes a ``Board``: every photo in one bin, best first. A search
phrase is parsed by ``queries`` and ranked the same way.
"""
