"""The story that joins the rooms, told as generators of frozen events. No Qt, no torch.

``indexing`` walks a folder and embeds what is new; ``sorting`` ranks what is embedded into a board; both are methods
of ``Engine``, which owns the databases and drives the worker processes. Each ``yield`` is at once progress report,
cancellation point and pause point. A test is ``list(engine.index(folder))``.
"""
