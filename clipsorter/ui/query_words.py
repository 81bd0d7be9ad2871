"""What a search phrase does not say clearly, in the person's language."""

from PySide6.QtCore import QCoreApplication

from clipsorter.errors import QueryError, QueryProblem


def say_problem(error: QueryError) -> str:
    """What cannot be understood and what would be."""
    return _dictionary()[error.problem].format(error.about)


def _dictionary() -> dict[QueryProblem, str]:
    return {
        "open quote": QCoreApplication.translate("QueryWords", "This quotation mark is never closed."),
        "nothing named": QCoreApplication.translate("QueryWords", "Something to look for is missing here."),
        "weight range": QCoreApplication.translate("QueryWords", "A weight is a number from 0.001 to 1000."),
        "weighted unwanted": QCoreApplication.translate("QueryWords", "What is unwanted cannot have a weight."),
        "weighted condition": QCoreApplication.translate(
            "QueryWords", "“{}:” is a condition and cannot have a weight."
        ),
        "unknown state": QCoreApplication.translate("QueryWords", "“is:” is followed by one of these: {}."),
        "date form": QCoreApplication.translate("QueryWords", "A date is written 2023, 2023-05 or 2023-05-17."),
        "range ends": QCoreApplication.translate("QueryWords", "A range of dates has two ends."),
        "range backwards": QCoreApplication.translate("QueryWords", "This range of dates ends before it begins."),
        "no such day": QCoreApplication.translate("QueryWords", "There is no day {}."),
        "no such photo": QCoreApplication.translate("QueryWords", "There is no photo named “{}” here."),
        "cancelling terms": QCoreApplication.translate("QueryWords", "These terms cancel each other out."),
        "dates unknown": QCoreApplication.translate("QueryWords", "It is not known when these photos were taken."),
        "condition unknown": QCoreApplication.translate("QueryWords", "“{}:” cannot be asked here."),
        "unknown words": QCoreApplication.translate("QueryWords", "The model does not know “{}”; try another word."),
    }
