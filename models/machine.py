"""Which machine this is: so that a copied or moved disk is noticed."""

import logging
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

log = logging.getLogger(__name__)

LINUX = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
LONGEST_WAIT = 5  # seconds


def machine_print(realm: str) -> str:
    """A fingerprint of this machine that means nothing outside the centre *realm*.

    "" where the system does not say: then nothing is concluded from it.
    """
    name = machine_name()
    if not name:
        return ""
    return sha256(f"desk-machine-1\n{realm}\n{name}".encode()).hexdigest()[:32]


@cache
def machine_name() -> str:
    """What the system calls itself.  A reinstalled system has another name."""
    try:
        if sys.platform == "win32":
            return _on_windows()
        if sys.platform == "darwin":
            return _on_mac()
        return _on_linux()
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("the machine has no name: %s", error)
        return ""


def _on_linux() -> str:
    for path in LINUX:
        if path.exists():
            return path.read_text(encoding="ascii", errors="replace").strip()
    return ""


def _on_windows() -> str:
    import winreg  # pyright: ignore[reportMissingImports]

    place = r"SOFTWARE\Microsoft\Cryptography"
    # The 64-bit view: a 32-bit build would read a key of its own.
    access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY  # type: ignore[attr-defined]
    with winreg.OpenKey(  # type: ignore[attr-defined]
        winreg.HKEY_LOCAL_MACHINE,  # type: ignore[attr-defined]
        place,
        0,
        access,
    ) as key:
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])  # type: ignore[attr-defined]


def _on_mac() -> str:
    """`"IOPlatformUUID" = "…"` in what ioreg says."""
    said = subprocess.run(
        ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"],
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_WAIT,
    ).stdout
    for line in said.splitlines():
        if "IOPlatformUUID" in line:
            return line.split('"')[3]
    return ""
