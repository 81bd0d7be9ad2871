"""Which language a phrase is in, as far as its letters tell. No torch, nothing to install."""

import unicodedata

# The first word of a letter's Unicode name -> language. Kana decide before Han: Japanese is written with both.
_SCRIPTS = (("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CJK", "zh"), ("CYRILLIC", "ru"))


def language_of_letters(phrase: str) -> str:
    """ "zh", "ja", "ko" or "ru" where a phrase holds letters that tell so, "en" for everything else."""
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in phrase}
    return next((language for script, language in _SCRIPTS if script in scripts), "en")


def is_read_by(phrase: str, languages: tuple[str, ...]) -> bool:
    """False where a model of these languages (BCP 47) knows no word of a phrase, as far as its letters tell.

    Letters say nothing about German and English, but Chinese is noise to an English model.
    """
    if any(tag.partition("-")[0] != "en" for tag in languages):
        return True  # Chinese-CLIP's vocabulary holds Latin letters and everyday English, too
    letters = [letter for letter in phrase if letter.isalpha()]
    return not letters or any("LATIN" in unicodedata.name(letter, "") for letter in letters)
