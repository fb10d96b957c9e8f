"""What this PC remembers of its window: one small JSON file beside the database."""

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "window.json"


@dataclass
class Settings:
    """Palette, font zoom in per cent, and the size and place of the window."""

    mode: str = "light"
    zoom: int = 100
    geometry: str = ""
    ledger_folder: str = ""


def load_settings(folder: Path) -> Settings:
    """The settings kept in *folder*; the defaults for what is missing or spoilt."""
    path = folder / FILE
    if not path.exists():
        return Settings()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        known = {name: kept[name] for name in asdict(Settings()) if name in kept}
        return Settings(**known)
    except (OSError, ValueError, TypeError) as error:
        log.warning("settings not readable, starting with the defaults: %s", error)
        return Settings()


def save_settings(folder: Path, settings: Settings) -> None:
    """Keep the settings; written beside and replaced, so never half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{FILE}.part"
    beside.write_text(json.dumps(asdict(settings)), encoding="utf-8")
    os.replace(beside, folder / FILE)
