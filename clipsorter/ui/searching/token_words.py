"""How the parts of a search phrase are called, in the person's language."""

from calendar import monthrange
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from clipsorter.ranking.grammar import Look, Placed, Taken


def name_token(meaning: Look | Taken | Placed) -> str:
    """What stands on its chip."""
    words = _name(meaning)
    return f"– {words}" if meaning.unwanted else words


def say_token(meaning: Look | Taken | Placed) -> str:
    """The same for a screen reader."""
    words = _name(meaning)
    if meaning.unwanted:
        return QCoreApplication.translate("TokenWords", "without {}").format(words)
    return words


def _name(meaning: Look | Taken | Placed) -> str:
    match meaning:
        case Look(kind="like"):
            return QCoreApplication.translate("TokenWords", "Like {}").format(meaning.text)
        case Look():
            words = f"“{meaning.text}”" if meaning.kind == "exact" else meaning.text
            return words if meaning.weight == 1 else f"{words} ×{QLocale().toString(meaning.weight, 'g', 3)}"
        case Taken():
            return _name_time(meaning)
        case Placed(field="tag"):
            return QCoreApplication.translate("TokenWords", "Tag: {}").format(meaning.value)
        case Placed(field="bin"):
            return QCoreApplication.translate("TokenWords", "Category: {}").format(meaning.value)
        case Placed():
            return _state_words().get(meaning.value, meaning.value)


def _state_words() -> dict[str, str]:
    return {
        "unsorted": QCoreApplication.translate("TokenWords", "Unsorted"),
        "review": QCoreApplication.translate("TokenWords", "Needs review"),
        "confirmed": QCoreApplication.translate("TokenWords", "Confirmed by me"),
    }


def _name_time(taken: Taken) -> str:
    first, last = taken.first, taken.last
    year = QLocale().toString(QDate(first.year, 1, 1), QCoreApplication.translate("TokenWords", "yyyy", "a year"))
    if len(taken.months) == 1:
        return name_month(first.year, taken.months[0])
    if taken.months:
        return _season_words()[taken.months].format(year)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return year if first.year == last.year else f"{first.year} – {last.year}"
    if first == last:
        return _name_day(first)
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        start, end = name_month(first.year, first.month), name_month(last.year, last.month)
        return start if start == end else f"{start} – {end}"
    return f"{_name_day(first)} – {_name_day(last)}"


def name_month(year: int, month: int) -> str:
    """ "May 2023"."""
    form = QCoreApplication.translate("TokenWords", "MMMM yyyy", "a month and its year")
    return QLocale().toString(QDate(year, month, 1), form)


def _name_day(day: date) -> str:
    form = QCoreApplication.translate("TokenWords", "d MMM yyyy", "a day")
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _season_words() -> dict[tuple[int, ...], str]:
    return {
        (3, 4, 5): QCoreApplication.translate("TokenWords", "Spring {}"),
        (6, 7, 8): QCoreApplication.translate("TokenWords", "Summer {}"),
        (9, 10, 11): QCoreApplication.translate("TokenWords", "Autumn {}"),
        (1, 2, 12): QCoreApplication.translate("TokenWords", "Winter {}"),
    }
