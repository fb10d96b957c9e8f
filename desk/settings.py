"""What this PC remembers of its window: one small JSON file beside the database."""

import json
import logging
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from exports.files import replacing

log = logging.getLogger(__name__)

FILE = "window.json"
# What may be said of a file that somebody spoilt; the last of one nested too deep.
UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)


@dataclass
class Settings:
    """Looks, places and widths; what is kept there is never a record."""

    mode: str = "light"  # or "dark", or "system"
    zoom: int = 100  # per cent
    geometry: str = ""  # of an older program; `geometries` has it by screen
    geometries: dict[str, str] = field(default_factory=dict)  # by "1366x768"
    ledger_folder: str = ""
    ledger_format: str = ".docx"  # or ".xlsx"
    masked: bool = False  # whether ledgers leave out part of phones and numbers
    printer: str = ""  # "" leaves it to the program that opens the document
    idle_minutes: int = 5  # without a key or the mouse, then the window locks
    # Widths in Chinese characters, so that they outlive a zoom: table, column, width.
    columns: dict[str, dict[str, float]] = field(default_factory=dict)


def load_settings(folder: Path) -> Settings:
    """The settings kept in *folder*; the defaults for what is missing or spoilt."""
    path = folder / FILE
    if not path.exists():
        return Settings()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Settings(**_fitting(kept))
    except (OSError, *UNREADABLE) as error:
        log.warning("settings not readable, starting with the defaults: %s", error)
        return Settings()


def _fitting(kept: dict[str, Any]) -> dict[str, Any]:
    """Only what this program knows, and each of the kind it has to be."""
    usual = Settings()
    return {
        known.name: kept[known.name]
        for known in fields(Settings)
        if type(kept.get(known.name)) is type(getattr(usual, known.name))
    }


def save_settings(folder: Path, settings: Settings) -> None:
    """Keep the settings: all of them, or those from before; raises `UserError`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(settings), ensure_ascii=False)
    with replacing(folder / FILE) as file:
        file.write(text.encode())
