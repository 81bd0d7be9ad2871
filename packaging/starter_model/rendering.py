"""Pictures the project makes itself: paper, screens, skies and failed shots, with the sentences that describe them.

Free of any licence question and weak in every open photo set. Each picture is drawn from a seed with its own fonts,
colours, sizes and layout; paper is also shown as photographed: turned, in uneven light, on a table. Insets are photos
of the open set. The same seed and insets give the same pixels on the same machine (fonts differ between machines,
which the recipe tolerates).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from drawing import Inset, Painter
from flaws import blank, blurred, dark_frame
from papers import form, note, page, receipt, sheet_table
from PIL import Image
from programs import game, program, settings, terminal
from screens import chat, code_editor, desktop, phone_screen, slide, web_page
from sentences import read_sentences
from skies import clear_day, clouds, night, rain, snowfall, sunset

PAINTERS: dict[str, Painter] = {
    "receipt": receipt,
    "page": page,
    "form": form,
    "note": note,
    "table": sheet_table,
    "slide": slide,
    "chat": chat,
    "desktop": desktop,
    "web page": web_page,
    "code": code_editor,
    "phone screen": phone_screen,
    "blurred": blurred,
    "dark": dark_frame,
    "blank": blank,
    "sunset": sunset,
    "clouds": clouds,
    "clear day": clear_day,
    "night": night,
    "rain": rain,
    "snowfall": snowfall,
    "terminal": terminal,
    "program": program,
    "settings": settings,
    "game": game,
}
SENTENCES = read_sentences("rendered_sentences.txt")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture with the sentences that are true of it."""

    kind: str
    picture: Image.Image  # RGB
    sentences: tuple[str, ...]


def render(seed: int, insets: Sequence[Inset]) -> Rendered:
    """Picture number ``seed``; kinds take turns, so every prefix of the numbers is balanced."""
    rng = random.Random(seed)
    kind = name_kind(seed)
    return Rendered(kind, PAINTERS[kind](rng, insets).convert("RGB"), SENTENCES[kind])


def name_kind(seed: int) -> str:
    """The kind of picture number ``seed``."""
    return list(PAINTERS)[seed % len(PAINTERS)]
