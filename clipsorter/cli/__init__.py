"""The command line: the same engine for scripts, as a stable contract.

``program`` turns typed words into an exit status: ``parser`` says what can be typed (``subcommand`` for each command,
``model_parser`` after *models*), ``contract`` what every command takes and gives back. The commands stand in
``commands``, and by their subject in ``filing_commands``, ``category_commands``, ``model_commands`` (with
``model_numbers``), ``teaching`` and ``cluster_commands``; ``running`` is what they do alike: open the engine, look at
the folder first, tell ``progress``. ``output``, ``filing_output`` and ``why_output`` print words for people or JSON
lines for programs; ``terminal`` keeps what a file is called from meaning anything to a terminal.

``demo`` unpacks the pictures that come along, ``self_test`` says whether the installation is whole, ``screens`` whether
there is any point in starting the window.
"""
