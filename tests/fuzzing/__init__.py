"""Coverage-guided fuzzing of everything that reads what other people wrote.

``targets`` names the entries and what must hold for any bytes; ``python -m tests.fuzzing --seconds 60`` hunts through
all of them with atheris (the optional part ``fuzz``), one ``hunt`` process at a time. What it finds is kept as a small
file under ``findings/TARGET/``, which the ordinary tests replay for ever; without atheris they still try seeded
mutations of every seed.
"""
