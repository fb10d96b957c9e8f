"""What the bundle does before the program starts."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

HOOK = Path(__file__).parents[1] / "desk" / "frozen.py"
NAME = "LD_LIBRARY_PATH"


@pytest.mark.parametrize("before", ["", "/opt/office/lib"])
def test_a_program_opened_from_the_bundle_finds_the_libraries_of_the_system(
    monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    monkeypatch.setenv(NAME, "/opt/desk/_internal")
    monkeypatch.setenv(f"{NAME}_ORIG", before)
    if not before:
        monkeypatch.delenv(f"{NAME}_ORIG")
    runpy.run_path(str(HOOK))
    show = "import os; print([v for v in os.environ.items() if v[0][:3] == 'LD_'])"
    opened = subprocess.check_output([sys.executable, "-c", show], text=True)
    assert opened.strip() == str([(NAME, before)] if before else [])
