"""How sure to be by default, alone in its module: who only asks for this number waits for nothing else."""

DEFAULT_STRICTNESS = 0.5  # in [0, 1]; 0: nothing goes to Unsorted
