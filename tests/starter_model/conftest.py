"""The recipe is a program beside the package, so its folder joins the path here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging" / "starter_model"))
