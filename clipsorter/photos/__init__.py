"""Files become pixels.

A folder is walked (``scan``); every entry is a ``Photo`` or has a reason why not, by what ``formats`` allows. Photos
are hashed and decoded in child processes (``workers`` minds them, each is a ``worker``), because a broken file may
crash or hang its codec. There ``decode`` tells the story: within limits, a file becomes a ``negative``, from which
model input and thumbnail are printed upright (``framing`` says what part in what size, ``colour`` makes it sRGB), with
the ``facts`` it states about itself. ``raw``, ``video`` and ``png`` are files that need more care; ``large`` and
``camera`` serve the viewer. ``reasons`` are the sentences about what cannot be read. What comes back is a
``PreparedPhoto`` or one ``Unreadable`` value (``prepared``). ``sketch``, ``windows`` and ``fingerprint`` say, from
coarse to fine, whether two pictures are one or part of the other. ``report`` says what became of every entry. Nothing
here writes anything.
"""
