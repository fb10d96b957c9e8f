#!/usr/bin/env python3
"""Set up what the desk needs in `.venv` beside this file, once, and open the desk.

`start.py test …` lints and tests; `start.py COMMAND …` is `python -m desk COMMAND …`.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"需要 Python 3.11 或更新的版本，现在这个是 {sys.version.split()[0]}。")

import hashlib
import importlib.util
import os
import subprocess
import time
from functools import partial
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.txt"  # written last: without it a set-up is not complete
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
RUN = [PYTHON, "-I", "-X", "utf8", "-m"]  # -I: packages come from .venv alone
REQUIREMENTS = {"run": "requirements.txt", "test": "requirements-dev.txt"}
PIP = "pip -qq install --disable-pip-version-check --no-input --no-user --no-deps"
PIP += " --require-hashes --only-binary :all: -r"
# What tests start; Debian keeps the programs of PostgreSQL itself out of the path.
TOOLS = "Xvfb=xvfb openbox=openbox xdotool=xdotool xclip=xclip fc-list=fontconfig"
TOOLS += " pdftoppm=poppler-utils soffice=libreoffice-writer-nogui"
TOOLS += " pg_ctlcluster=postgresql strace=strace fusermount3=fuse3 smbstatus=samba"
CHINESE_FONTS = "fc-list :lang=zh-cn family 2>/dev/null"
IS_LINUX = sys.platform.startswith("linux")
say = partial(print, file=sys.stderr, flush=True)


def lacking(task: str) -> list[str]:
    """Debian's packages that are missing for a task: "window", "command" or "test"."""
    packages = []
    if not is_set_up(task) and not importlib.util.find_spec("ensurepip"):
        packages.append(f"python3.{sys.version_info.minor}-venv")
    if task != "command" and not importlib.util.find_spec("_tkinter"):
        packages.append(f"python3.{sys.version_info.minor}-tk")
    if task == "test" and IS_LINUX:
        tools = (pair.split("=") for pair in TOOLS.split())
        packages += [package for tool, package in tools if not which(tool)]
        packages += [] if subprocess.getoutput(CHINESE_FONTS) else ["fonts-noto-cjk"]
    return packages


def advice(packages: list[str]) -> str:
    if not IS_LINUX:
        return "Python 安装程序（勾选 pip 和 tcl/tk），或 brew install python-tk"
    if sys.base_prefix != "/usr" and packages[0].startswith("python3"):
        return f"/usr/bin/python3 start.py（{sys.executable} 缺少 venv 或 tkinter）"
    apt = "sudo apt-get update && sudo apt-get install -y "
    return (apt if which("apt-get") else "软件包管理器安装 ") + " ".join(packages)


def check_system(task: str) -> None:
    """Install the system packages that are missing, or stop with what to type."""
    packages = lacking(task)
    own = sys.base_prefix == "/usr"  # Debian's venv and Tk fit Debian's Python only
    names = [p for p in packages if own or not p.startswith("python3")]
    if names and IS_LINUX and os.geteuid() == 0 and which("apt-get"):
        say("正在安装系统软件包：" + " ".join(names))
        apt = "env DEBIAN_FRONTEND=noninteractive apt-get -qq".split()
        for step in (["update"], ["install", "-y", *names]):
            subprocess.run([*apt, *step], stdin=subprocess.DEVNULL, stdout=2)
        importlib.invalidate_caches()
        packages = lacking(task)
    if packages:
        sys.exit("缺少系统软件包，请先运行：\n" + advice(packages))


def stamp(goal: str) -> str:
    """Changes with either requirement file and with the interpreter."""
    parts = [(ROOT / name).read_bytes() for name in REQUIREMENTS.values()]
    parts += [sys.version.split()[0].encode(), sys.base_prefix.encode(), goal.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_set_up(task: str) -> bool:
    """Whether `.venv` is complete for a task; what tests need includes the rest."""
    stamps = [stamp(goal) for goal in (["test"] if task == "test" else REQUIREMENTS)]
    found = STAMP.read_text(errors="replace") if STAMP.is_file() else ""
    return found in stamps and Path(PYTHON).exists()


def set_up(task: str) -> None:
    goal = "test" if task == "test" else "run"
    steps = [[PYTHON, "-I", "-m", *PIP.split(), str(ROOT / REQUIREMENTS[goal])]]
    with open(ROOT / ".venv.lock", "ab") as lock:  # one set-up at a time
        if os.name == "nt":
            importlib.import_module("msvcrt").locking(lock.fileno(), 1, 1)  # LK_LOCK
        else:
            importlib.import_module("fcntl").flock(lock, 2)  # LOCK_EX
        if is_set_up(task):
            return
        say("正在准备运行环境（只在第一次和更新后需要，约一两分钟）……")
        if not is_set_up("command"):
            base = sys._base_executable  # not the python of the .venv to be cleared
            steps.insert(0, [base, "-I", "-m", "venv", "--clear", str(VENV)])
        STAMP.unlink(missing_ok=True)
        # A pip that outlives a killed start.py keeps the lock: none works beside it.
        inherited = [] if os.name == "nt" else [lock.fileno()]
        for step in steps:
            if subprocess.run(step, stdout=2, pass_fds=inherited).returncode:
                sys.exit("准备运行环境失败，原因见上。请检查网络后重新运行。")
        packages = next(VENV.glob("[Ll]ib/**/site-packages"))
        (packages / "desk.pth").write_text(os.path.relpath(ROOT, packages))
        STAMP.write_text(stamp(goal))


def run_tests(arguments: list[str]) -> None:
    os.environ["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"  # no look-up of newer versions
    failed = []
    for check in ("ruff format --check", "ruff check", "pyright", "pytest"):
        extra = arguments if check == "pytest" else []
        if subprocess.call([*RUN, *check.split(), *extra], cwd=ROOT):
            failed.append(check)
    sys.exit("未通过：" + "、".join(failed) if failed else 0)


def main(arguments: list[str]) -> None:
    has_screen = not IS_LINUX or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    opens = len(arguments) in (0, 2) and arguments[:1] in ([], ["--data"])
    task = "window" if has_screen and opens else "command"
    task = "test" if arguments[:1] == ["test"] else task
    check_system(task)
    if not is_set_up(task):
        set_up(task)
    if task == "test":
        run_tests(arguments[1:])
    if task == "window" and IS_LINUX and not subprocess.getoutput(CHINESE_FONTS):
        say("没有中文字体，请运行：\n" + advice(["fonts-noto-cjk"]))
    if not arguments and not has_screen:
        folder = ROOT / "sample" / time.strftime("%Y%m%d-%H%M%S")
        say(f"没有屏幕，改为演示一天的工作；台账会在 {folder / 'ledgers'}")
        arguments = ["demo", str(folder), "--days", "1"]
    if os.name == "nt":
        sys.exit(subprocess.call([*RUN, "desk", *arguments]))
    os.execv(PYTHON, [*RUN, "desk", *arguments])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, KeyboardInterrupt) as error:
        sys.exit(f"没有完成：{error or '已中断，再次运行会重新准备。'}")
