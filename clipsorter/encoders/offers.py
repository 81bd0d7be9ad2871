"""Which model to offer to a person whose words the present one does not read."""

from clipsorter.encoders.catalogue import CatalogueEntry, find_entry, recommend
from clipsorter.languages import is_read_by, language_of_letters


def find_reader(phrase: str) -> CatalogueEntry | None:
    """A model of the catalogue that reads a phrase, on any computer; None for letters that every model reads.

    Chosen so that English goes on working, too: somebody who types one Chinese word may have English categories.
    """
    if is_read_by(phrase, ("en",)) and language_of_letters(phrase) == "en":
        return None
    for name in recommend(("en", language_of_letters(phrase)), has_gpu=False):
        entry = find_entry(name)
        if entry and not entry.unavailable and "en" in entry.languages and is_read_by(phrase, entry.languages):
            return entry
    return None
