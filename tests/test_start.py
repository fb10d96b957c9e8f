"""start.py, run for real in a folder whose name has a space and Chinese characters.

What it installs there is a package of one line, found through pip's own settings, so
nothing is fetched; what it starts are programs that print how they were called.
"""

import ast
import hashlib
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).resolve().parent.parent

DESK = """\
import json, os, sys, tiny
print("words before")
print(json.dumps([sys.argv[1:], os.getcwd(), tiny.VERSION, sys.flags.isolated]))
sys.exit(int(sys.argv[-1]) if sys.argv[-1].isdigit() else 0)
"""
CHECK = """\
import os, sys
print(os.path.basename(__file__)[:-3], *sys.argv[1:], flush=True)
sys.exit(os.path.basename(__file__)[:-3] == os.environ.get("FAILING"))
"""


def make_wheel(folder: Path, version: str) -> str:
    """A package `tiny` of that version; returns the line that requires it."""
    folder.mkdir(exist_ok=True)
    wheel = folder / f"tiny-{version}-py3-none-any.whl"
    about = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", f"VERSION = {version!r}\n")
        archive.writestr(
            f"{about}/METADATA",
            f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        )
        archive.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"tiny=={version} --hash=sha256:{digest}\n"


class Copy:
    """A copy of start.py with requirements and programs of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "服务 台"
        self.wheels = folder / "wheels"
        self.stamp = self.root / ".venv" / "set-up.txt"
        (self.root / "desk").mkdir(parents=True)
        (self.root / "desk" / "__init__.py").touch()
        (self.root / "desk" / "__main__.py").write_text(DESK, "utf-8")
        for name in ("ruff", "pyright", "pytest"):
            (self.root / f"{name}.py").write_text(CHECK, "utf-8")
        source = (PROJECT / "start.py").read_bytes()
        (self.root / "start.py").write_bytes(source)
        self.require()

    def require(self, *, damaged: bool = False) -> None:
        line = make_wheel(self.wheels, "1.0")
        if damaged:
            line = line[:-9] + "00000000\n"
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.root / name).write_text(line, "ascii")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "start.py"), *arguments]

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY") and name[:4] != "PIP_"
        }
        pip = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
        }
        return {**kept, **pip, **extra}

    def start(
        self, *arguments: str, cwd: Path | None = None, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=cwd or self.root,
            env=self.environment(**extra),
            capture_output=True,
            encoding="utf-8",
        )


def said_by_desk(done: subprocess.CompletedProcess[str]) -> list:
    return json.loads(done.stdout.splitlines()[-1])


class FirstStarts(NamedTuple):
    """Three starts of one copy; together they cost two set-ups, which are slow."""

    copy: Copy
    refused: subprocess.CompletedProcess[str]
    was_complete_when_killed: bool
    healed: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> FirstStarts:
    copy = Copy(tmp_path_factory.mktemp("start"))
    copy.require(damaged=True)
    refused = copy.start("status")
    copy.require()
    marker = copy.root / ".venv" / "from before"
    marker.touch()
    killed = subprocess.Popen(
        copy.command("status"),
        env=copy.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while marker.exists():  # until the set-up is at work in the folder
        assert killed.poll() is None
    if os.name == "nt":
        killed.kill()
    else:
        os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    was_complete = copy.stamp.exists()
    return FirstStarts(copy, refused, was_complete, copy.start("status"))


@pytest.fixture
def ready(first_starts: FirstStarts) -> Copy:
    """A copy of start.py that has been set up."""
    return first_starts.copy


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_arguments_folder_and_exit_code_pass_through(
    ready: Copy, tmp_path: Path
) -> None:
    done = ready.start("demo", "输出 一", "--json", "7", cwd=tmp_path)
    assert done.returncode == 7
    arguments, folder, version, is_isolated = said_by_desk(done)
    assert arguments == ["demo", "输出 一", "--json", "7"]
    assert Path(folder) == tmp_path
    assert (version, is_isolated) == ("1.0", 1)


def test_a_second_start_changes_nothing_and_says_nothing(ready: Copy) -> None:
    before = ready.stamp.stat().st_mtime_ns
    done = ready.start("status")
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.stamp.stat().st_mtime_ns == before


def test_packages_of_the_person_do_not_get_in(ready: Copy, tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text("VERSION = 'theirs'\n", "ascii")
    done = ready.start("status", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert said_by_desk(done)[2] == "1.0"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has no screen")
def test_without_a_screen_a_sample_day_runs(ready: Copy) -> None:
    done = ready.start()
    verb, folder, *rest = said_by_desk(done)[0]
    assert (verb, rest) == ("demo", ["--days", "1"])
    assert Path(folder).parent == ready.root / "sample"
    assert str(Path(folder) / "ledgers") in done.stderr


def test_a_package_with_another_hash_is_refused(first_starts: FirstStarts) -> None:
    refused = first_starts.refused
    assert refused.returncode == 1
    assert "准备运行环境失败" in refused.stderr
    assert "DO NOT MATCH" in refused.stderr  # pip's own reason
    assert refused.stdout == ""


def test_a_set_up_that_was_killed_heals_at_the_next_start(
    first_starts: FirstStarts,
) -> None:
    assert not first_starts.was_complete_when_killed
    healed = first_starts.healed
    assert healed.returncode == 0, healed.stderr
    assert healed.stderr.startswith("正在准备运行环境")
    assert healed.stdout.startswith("words before\n")  # stdout is the desk's alone


def test_a_changed_requirement_or_a_damaged_stamp_asks_for_a_new_set_up(
    ready: Copy,
) -> None:
    start = load(ready.root / "start.py")
    assert start.is_set_up("window")
    for path in (ready.root / "requirements-dev.txt", ready.stamp):
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + b"\xff")
        assert not start.is_set_up("window")
        path.write_bytes(kept)
    assert start.is_set_up("window")


def test_test_runs_every_check_and_names_what_failed(ready: Copy) -> None:
    done = ready.start("test", "-k", "一 个", FAILING="")
    assert done.returncode == 0, done.stderr
    checks = ["ruff format --check", "ruff check", "pyright", "pytest -k 一 个"]
    assert done.stdout.splitlines() == checks
    failed = ready.start("test", FAILING="ruff")
    assert failed.returncode == 1
    assert failed.stdout.splitlines()[-1] == "pytest"
    assert failed.stderr == "未通过：ruff format --check、ruff check\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian only")
@pytest.mark.parametrize("user", [0, 1000])
def test_missing_system_packages_are_installed_by_root_and_named_to_others(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    user: int,
) -> None:
    """Only programs of the system are stood in for: an apt-get that writes down."""
    log = tmp_path / "log"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> "{log}"\n', "utf-8")
    apt.chmod(0o755)
    (tmp_path / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(SystemExit) as stopped:
        load(PROJECT / "start.py").check_system("test")
    everything = (
        "xvfb openbox xdotool xclip fontconfig poppler-utils "
        "libreoffice-writer-nogui postgresql strace fuse3 samba fonts-noto-cjk"
    )
    command = "sudo apt-get update && sudo apt-get install -y " + everything
    assert command in str(stopped.value)
    calls = log.read_text("utf-8").splitlines() if log.exists() else []
    if user == 0:
        front = "noninteractive -qq"
        assert calls == [f"{front} update", f"{front} install -y {everything}"]
    else:
        assert calls == []


def test_an_older_python_can_read_start_far_enough_to_be_refused() -> None:
    source = (PROJECT / "start.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    kinds = [type(node) for node in tree.body[:4]]
    assert kinds == [ast.Expr, ast.Import, ast.If, ast.Import]
    assert "需要 Python 3.11" in source


def test_start_needs_nothing_but_the_standard_library() -> None:
    source = (PROJECT / "start.py").read_text("utf-8")
    assert len(source.splitlines()) < 155
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-postgres.txt"]
)
def test_every_requirement_is_pinned_with_hashes_and_without_an_index(
    name: str,
) -> None:
    text = (PROJECT / name).read_text("ascii")
    assert not re.search(r"https?:|index|find-links|@", text)
    entries = re.sub(r"^#.*\n", "", text).replace("\\\n", "").splitlines()
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[^ ;]+( ; [^-]*)?\s+--hash=sha256:", entry), entry


def test_both_requirement_files_and_the_project_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (PROJECT / name).read_text("utf-8")
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))

    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert run.items() <= dev.items()
    assert pins("requirements-postgres.txt").items() <= dev.items()
    chosen = pins("requirements.in")
    assert chosen.items() <= run.items()
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [line.partition(";")[0].strip() for line in project["dependencies"]]
    floors = dict(line.split(">=") for line in needed)
    held_back = {"argon2-cffi-bindings"}  # not ours: see requirements.in
    assert floors == {n: v for n, v in chosen.items() if n not in held_back}
