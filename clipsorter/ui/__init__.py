"""The window, and the only Qt user.

*A start.* ``app`` makes language (``languages``) and colours (``theme``), then ``main_window``, which lays out the
``panels`` and stands before anything heavy is imported; ``preparing`` imports the rest while it answers. A second start
finds the first by ``one_window``.

*A wish.* ``actions`` are all that a person can do, with their keys. ``conductor``, and ``conducting`` in each room
below, join panels and ``session``, which turns wishes into jobs for the engine (``engine_like``) and its events into
state: ``progress``, ``history``, ``moves``. ``jobs`` pumps the engine's generators on one background thread and is the
only bridge between the two. What goes wrong is a sentence in the ``message_bar`` (``error_words``).

*A photo on the screen.* The middle of the window is the ``photo_area``, a board in it a ``board_view``: a ``bin_row``
of ``bin_column``, or ``all_photos`` together, each a ``photo_pane`` with a ``grid`` over arrays of photo ids
(``bin_model``) whose layout is arithmetic (``geometry``, ``cell_view``), so 100,000 photos cost no more to show than a
hundred. ``thumbnails`` reads pictures on threads of its own, ``delegate`` draws them, ``drag`` carries them;
``photo_wishes`` says what a person wants done with them, ``view_switch`` which of the ways of looking is on.

*The rooms below*: ``categories``, ``searching``, ``grouping`` (albums, duplicates), ``viewing`` (one photo, large),
``filing`` (plans, keywords, history) and ``models``.

After changing words in ``self.tr("...")``, run ``pyside6-lupdate`` over these files into resources/translations/*.ts,
translate, and compile with ``pyside6-lrelease``; a test fails until that is done.
"""
