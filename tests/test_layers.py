"""desk -> exports -> models: imports point one way, and each layer has its tools."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.names import HOMES

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "models": {"exports", "desk", "tkinter", "ttkbootstrap", "docx", "lxml", "pyrage"},
    "exports": {"desk", "tkinter", "ttkbootstrap", "tkcalendar"},
    "desk": {"peewee", "playhouse", "sqlcipher3", "docx", "pyrage"},
}

# `doctor` tells of the parts there are; without the slots of its key nothing opens.
ALLOWED = {"doctor.py", "keyslots.py"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_one_way(package):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if name in FORBIDDEN[package] and path.name not in ALLOWED
    ]
    assert wrong == []


def test_models_and_exports_work_without_a_window():
    code = (
        "import sys, models, exports.sync, exports.ledgers, exports.roster;"
        "sys.exit('tkinter' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_every_name_of_the_models_has_the_home_it_is_declared_to_have():
    tree = ast.parse((ROOT / "models" / "__init__.py").read_text("utf-8"))
    declared = {
        node.module: " ".join(alias.name for alias in node.names)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("models.")
    }
    assert declared.pop("models.names") == "HOMES"
    assert declared == {f"models.{home}": names for home, names in HOMES.items()}
    code = (
        "import models.people, models.drafts;"  # a module of the name of a function
        "from models import drafts, people;"
        "from models.names import HOMES;"
        "names = ' '.join(HOMES.values()).split();"
        "assert callable(people) and callable(models.drafts);"
        "assert not [name for name in names if not hasattr(models, name)];"
        "assert not hasattr(models, 'nosuch') and models.searchindex"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_no_file_is_called_after_nothing_in_particular():
    vague = {"utils", "helpers", "services_", "core", "common", "constants", "manager"}
    names = {
        path.stem for package in FORBIDDEN for path in ROOT.glob(f"{package}/**/*.py")
    }
    assert names & vague == set()
