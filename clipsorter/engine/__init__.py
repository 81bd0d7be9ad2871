"""The story that joins the rooms, told as generators of frozen events. No Qt, no torch.

``indexing`` walks a folder and embeds what is new; ``sorting`` ranks what is embedded into a board or answers a search;
``explaining`` says why; ``exploring`` suggests categories and finds look-alikes and duplicates; ``filing_steps`` and
``exporting`` read off a board what ``filing`` needs. All are methods of ``Engine``, which owns the databases and drives
the worker processes; ``model`` starts the encoder when it is first needed and keeps the ``everyday`` words,
``succession`` lets a model before answer until a new one has looked (``tuning``: with its own strictness and cut-offs),
and ``shelf`` says which models there are. ``cluster`` does the same looking on many machines and ``importing`` takes
their ``shards`` over; only the command line asks for these, because Ray comes along. What is asked is a value
(``requests``), what is answered is one (``events``). Each ``yield`` is at once progress report, cancellation point and
pause point. A test is ``list(engine.index(folder))``.

What these lean on: ``workplace`` opens data folder, stores and models when each is first needed; an index run passes
over ``known_files`` and tells its ``pace``; ``category_text``, ``category_file`` and ``category_sets`` read lists of
categories, ``decision_file`` and ``keyword_decisions`` what was decided elsewhere; ``sampling`` looks for pictures,
``albums`` and ``duplicates`` group photos, ``tagging`` writes keywords; ``verifying``, ``diagnosis`` and ``restoring``
are for the day on which something is wrong.
"""
