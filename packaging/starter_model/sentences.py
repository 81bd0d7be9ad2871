"""Sentences for classes, labels and rendered kinds, as kept in the text files beside this module."""

from pathlib import Path

HERE = Path(__file__).parent
CLASSES = 1000  # of ImageNet


def read_sentences(name: str) -> dict[str, tuple[str, ...]]:
    """Key -> sentences of a file with lines ``key: sentence; sentence``; a key that comes again adds to the first."""
    found: dict[str, tuple[str, ...]] = {}
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, rest = line.partition(":")
            sentences = tuple(sentence.strip() for sentence in rest.split(";") if sentence.strip())
            found[key.strip()] = (*found.get(key.strip(), ()), *sentences)
    return found


def read_class_sentences(names: list[str]) -> list[tuple[str, ...]]:
    """Per ImageNet class, its name in a sentence and then what its photos usually show. ``names`` [1000], synonyms
    separated by commas; ranges in the file ("151-268") share their sentences.
    """
    sentences: list[tuple[str, ...]] = [(f"a photo of a {name.split(',')[0]}",) for name in names]
    for key, shared in read_sentences("class_sentences.txt").items():
        first, _, last = key.partition("-")
        for number in range(int(first), int(last or first) + 1):
            sentences[number] += shared
    return sentences
