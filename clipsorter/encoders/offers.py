"""Which model to offer to a person whose words the present one does not read."""

from clipsorter.encoders.catalogue import CatalogueEntry, find_entry, recommend
from clipsorter.languages import language_of_letters


def find_reader(phrase: str) -> CatalogueEntry | None:
    """A model of the catalogue that reads the language of a phrase, on any computer; None for what letters leave open.

    Chosen so that English goes on working, too: somebody who types one Chinese word may have English categories.
    """
    language = language_of_letters(phrase)
    if language == "en":
        return None
    for name in recommend(("en", language), has_gpu=False):
        entry = find_entry(name)
        if entry and not entry.unavailable and language in {tag.partition("-")[0] for tag in entry.languages}:
            return entry
    return None
