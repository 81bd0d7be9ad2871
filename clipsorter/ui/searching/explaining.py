"""Why a search found nothing, read off the answer."""

import numpy as np

from clipsorter.engine.events import Ranked
from clipsorter.errors import QueryError
from clipsorter.ui.searching.no_hits import NoHits, Relaxation
from clipsorter.ui.searching.token_words import say_token
from clipsorter.ui.searching.tokens import read_tokens


def explain_no_hits(phrase: str, answer: Ranked, *, growing: bool) -> NoHits:
    """What stands between the phrase and the photos."""
    result = answer.search
    if result is None:
        return NoHits(phrase, 0, None, 0.0, growing=growing)
    # Looks are the first part; where nothing meets the other parts either, nearness would show nothing.
    others = result.without[0][1] if result.without else 0
    decides = bool(np.isfinite(result.cutoff)) and others > 0
    return NoHits(
        phrase,
        len(result.similarity),
        float(result.similarity.max()) if decides else None,
        result.cutoff,
        _relaxations(phrase, dict(result.without)),
        growing,
    )


def _relaxations(phrase: str, without: dict[int, int]) -> tuple[Relaxation, ...]:
    try:
        tokens = read_tokens(phrase)
    except QueryError:
        return ()
    return tuple(
        Relaxation(token.text, f"“{say_token(token.meaning)}”", without[token.meaning.position])
        for token in tokens
        if token.meaning.position in without
    )
