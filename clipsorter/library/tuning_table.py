"""How strict a person wants to be, for one encoder at a time. Callers hold the transaction.

Cosines of two encoders have nothing in common, and neither has what a person made of their cut-offs: each encoder
keeps its own strictness and its own overrides, and going back to an encoder finds them again.
"""

from sqlite_utils import Database

NO_ENCODER = 0  # what was tuned before an encoder was named; the first one without own tuning takes it over


class TuningTable:
    """The tables ``encoders`` and ``cutoffs``."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._encoder = NO_ENCODER

    def use(self, encoder_id: str) -> None:
        """From now on everything is about this encoder."""
        row = self._db.execute("SELECT encoder FROM encoders WHERE id = ?", [encoder_id]).fetchone()
        if row is None:
            row = self._db.execute(
                "INSERT INTO encoders (id, strictness) SELECT ?, strictness FROM encoders WHERE encoder = ? "
                "RETURNING encoder",
                [encoder_id, NO_ENCODER],
            ).fetchone()
            self._db.execute("UPDATE cutoffs SET encoder = ? WHERE encoder = ?", [row[0], NO_ENCODER])
            self._db.execute("UPDATE encoders SET strictness = NULL WHERE encoder = ?", [NO_ENCODER])
        self._encoder = int(row[0])

    def strictness(self) -> float | None:
        """The common strictness; None where the person never chose one."""
        row = self._db.execute("SELECT strictness FROM encoders WHERE encoder = ?", [self._encoder]).fetchone()
        return None if row is None else row[0]

    def set_strictness(self, strictness: float) -> None:
        """Remember the common strictness."""
        self._db.execute("UPDATE encoders SET strictness = ? WHERE encoder = ?", [strictness, self._encoder])

    def cutoffs(self) -> dict[int, float]:
        """Strictness of single bins, in [0, 1], by their numbers."""
        query = "SELECT bin, max(0.0, min(1.0, strictness)) FROM cutoffs WHERE encoder = ?"
        return dict(self._db.execute(query, [self._encoder]).fetchall())

    def set_cutoff(self, number: int, strictness: float | None) -> None:
        """Remember the strictness of one bin; None: the common one."""
        if strictness is None:
            self._db.execute("DELETE FROM cutoffs WHERE encoder = ? AND bin = ?", [self._encoder, number])
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO cutoffs VALUES (?, ?, ?)", [self._encoder, number, float(strictness)]
            )
