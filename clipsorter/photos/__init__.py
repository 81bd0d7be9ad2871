"""Files become pixels.

A folder is walked once (``scan``); every entry is a ``Photo`` or has a reason why not. A photo's bytes are hashed and
decoded in child processes (``workers``), because a broken file may crash or hang its codec: upright, within limits
(``decode``), with the facts it states about itself (``facts``). What comes back is a ``PreparedPhoto``: model input,
thumbnail, digest and facts, or one ``Unreadable`` value. Nothing here writes anything.
"""
