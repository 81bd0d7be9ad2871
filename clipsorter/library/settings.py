"""Preferences of the window, as JSON a person could read."""

import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from clipsorter.errors import StoreError
from clipsorter.regular_files import read_regular

Language = Literal["system", "en", "zh_CN"]
Theme = Literal["system", "light", "dark"]
SidecarStyle = Literal["digikam", "lightroom"]  # IMG.jpg.xmp or IMG.xmp
Effort = Literal["full", "half"]  # of the machine, while photos are looked at
OnBattery = Literal["same", "half", "pause"]
ReduceMotion = Literal["system", "on", "off"]

MOST_BYTES = 1 << 20  # real ones have a few thousand
SMALLEST_CELL = 64  # px, a thumbnail one can still recognise
LARGEST_CELL = 512  # px, twice the stored thumbnail
MOST_MODELS_BEFORE = 3  # each is found and compared with its manifest before the first answer


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose; every field has a value that suits somebody who chose nothing."""

    language: Language = "system"
    theme: Theme = "system"
    model: str = "starter"
    device: str = "auto"
    cell_size: int = 160  # px, side of a photo's cell
    geometry: str = ""  # base64 of the window's place and size
    excluded: tuple[Path, ...] = ()  # folders never looked into
    left_out: tuple[str, ...] = ()  # kinds of photos that are not looked at
    sidecar_style: SidecarStyle = "digikam"
    searches: tuple[str, ...] = ()  # to repeat, newest first
    effort: Effort = "full"
    on_battery: OnBattery = "half"
    mirror: str = ""  # address of a mirror of the model hub; "" for the hub itself
    proxy: str = ""  # "http://host:port"; "" for the system's
    models_before: tuple[str, ...] = ()  # serve until the chosen model has looked at the photos; the latest first
    reduce_motion: ReduceMotion = "system"

    def following(self, before: "Settings") -> "Settings":
        """These settings, whose model comes after that of ``before``: those in use until now serve meanwhile."""
        served = dict.fromkeys((before.model, *before.models_before))
        return replace(self, models_before=tuple(name for name in served if name != self.model)[:MOST_MODELS_BEFORE])


@dataclass(frozen=True, slots=True)
class Typed:
    """A model and a device from the command line: for one run they stand in the place of what is stored."""

    model: str | None = None
    device: str | None = None

    def over(self, stored: Settings) -> Settings:
        """The settings of this run."""
        return replace(stored, model=self.model or stored.model, device=self.device or stored.device)

    def kept_out(self, now: Settings, stored: Settings) -> Settings:
        """The settings to store: what was only typed stays out, what a person chose in the window since comes in."""
        return replace(
            now,
            model=stored.model if now.model == self.model else now.model,
            device=stored.device if now.device == self.device else now.device,
        )


NOTHING_TYPED = Typed()


def load_settings(path: Path) -> Settings:
    """Read the settings; what is missing or makes no sense is the default. Never raises and never writes."""
    stored = _stored(path)
    default = Settings()
    cell_size = stored.get("cell_size")
    return Settings(
        language=_one_of(stored.get("language"), get_args(Language), default.language),
        theme=_one_of(stored.get("theme"), get_args(Theme), default.theme),
        reduce_motion=_one_of(stored.get("reduce_motion"), get_args(ReduceMotion), default.reduce_motion),
        model=_text(stored.get("model"), default.model),
        device=_text(stored.get("device"), default.device),
        cell_size=min(LARGEST_CELL, max(SMALLEST_CELL, cell_size)) if type(cell_size) is int else default.cell_size,
        geometry=_text(stored.get("geometry"), default.geometry),
        excluded=tuple(map(Path, _texts(stored.get("excluded")))),
        left_out=_texts(stored.get("left_out")),
        sidecar_style=_one_of(stored.get("sidecar_style"), get_args(SidecarStyle), default.sidecar_style),
        searches=_texts(stored.get("searches")),
        effort=_one_of(stored.get("effort"), get_args(Effort), default.effort),
        on_battery=_one_of(stored.get("on_battery"), get_args(OnBattery), default.on_battery),
        mirror=_text(stored.get("mirror"), default.mirror),
        proxy=_text(stored.get("proxy"), default.proxy),
        models_before=_texts(stored.get("models_before", [stored.get("model_before")])),  # before 0.1 there was one
    )


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings in one step; keys this version does not know stay, and so does an unreadable file, aside.

    Raises StoreError when the disk does not let us; the file is then as it was.
    """
    import json  # noqa: PLC0415 - as below
    import tempfile  # noqa: PLC0415

    known = asdict(settings) | {"excluded": [str(folder) for folder in settings.excluded]}
    text = json.dumps(_stored(path) | known, indent=2, sort_keys=True) + "\n"
    temporary = None
    try:
        if path.exists() and not _stored(path) and path.read_bytes().strip() not in (b"", b"{}"):
            path.replace(path.with_name(f"{path.name}.unreadable"))
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        raise StoreError(f"The settings cannot be saved to “{path}” ({error.strerror}).") from error


def _stored(path: Path) -> dict[str, Any]:
    try:
        content = read_regular(path, MOST_BYTES)
    except OSError:
        return {}
    import json  # noqa: PLC0415 - the first window, which has no settings yet, starts without it

    try:
        stored = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _one_of(value: object, choices: tuple[Any, ...], default: Any) -> Any:
    return value if value in choices else default


def _texts(values: object) -> tuple[str, ...]:
    return tuple(one for one in values if isinstance(one, str) and one) if isinstance(values, list) else ()


def _text(value: object, default: str) -> str:
    return value if isinstance(value, str) and (value or not default) else default
