"""Models from a hub: the only place in the house that opens a network connection, and only when a person asks.

A hub's address is checked first (``address``: a mirror, a proxy, what may be redirected where). The hub is asked what a
model's repository holds (``listing``: the commit, the files, their sizes and hashes) and a ``Plan`` is made of it
(``planning``), which a person sees before a byte of the model travels. Then file after file is fetched (``transfer``),
resumed where it was cut, compared with its hash, and only then given its name; last the manifest is written
(``download``). ``exchange`` is one request and its answer, on a thread of its own, so that whoever waits can leave at
any time. ``archives`` takes models in from a folder or an archive and packs one up for a friend, without any network.
"""
