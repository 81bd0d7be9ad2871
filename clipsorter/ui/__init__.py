"""The window, and the only Qt user.

``app`` starts it: language (``languages``), colours (``theme``), then ``main_window``, which lays out the panels and
stands before anything heavy is imported. ``session`` turns a person's wishes into jobs for the engine and its events
into state; ``jobs`` pumps the engine's generators on one background thread; ``conductor`` joins session and panels. A
board is columns of ``grid`` views over arrays of photo ids, so 100,000 photos cost no more to show than a hundred.

After changing words in ``self.tr("...")``, run ``pyside6-lupdate`` over these files into resources/translations/*.ts,
translate, and compile with ``pyside6-lrelease``; a test fails until that is done.
"""
