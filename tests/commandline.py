"""The command line as a program of its own, for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def desk(
    *arguments: object, code: int = 0, says: str = ""
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "desk", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        input=says,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def answer(*arguments: object, code: int = 0) -> dict:
    """The JSON object on the last line of standard output."""
    return json.loads(desk(*arguments, "--json", code=code).stdout.splitlines()[-1])
