"""Names on the share: where it is, what of it is ours, and what others leave there.

A synced folder makes copies ("… (1).batch", "… 冲突副本 …"), file managers leave
Thumbs.db, .DS_Store, desktop.ini and ~$ files.  None of that is a batch that was
tampered with: it is passed over, and said once.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from models.errors import UserError

PART = re.compile(r"\.[0-9a-f]{16}\.part")
# Files that some version of this program writes, and the folders of stations, epochs
# and addressees: only ASCII, at most 60 characters.
OURS = re.compile(
    r"[0-9a-z-]{1,50}\.(batch|request|marker)|\.[0-9a-f]{16}\.part|[0-9a-f]{16,32}"
    r"|up|down|all|enrol|office"
)
HASHED = re.compile(r"[0-9-]+-([0-9a-f]{24})\.batch")
# From here on Windows needs the long form of a path (260, less a file of 60 in it).
LONG = 190


def ours_first(
    names: Iterable[str], note_stranger: Callable[[str], None]
) -> Iterator[str]:
    """The names as this program writes them; what is nobody's of ours is noted.

    A server that keeps no case gives BATCH for batch: it opens either.  Where both
    are there, they are two files, and the one in capitals is a stranger.
    """
    found = list(dict.fromkeys(names))  # a folder that changes may be listed twice
    exact = {name for name in found if OURS.fullmatch(name)}
    for name in found:
        if name in exact:
            yield name
            continue
        low = name.lower() if name.isascii() else name
        if low not in exact and OURS.fullmatch(low):
            exact.add(low)
            yield low
            continue
        note_stranger(name)
        yield name


def share_place(typed: str, *, windows: bool = os.name == "nt") -> str:
    r"""A typed or pasted place as the system wants it: `\\server\share`, `Z:\同步`.

    Raises `UserError` for one that only another system knows, or that depends on
    where the program happens to be started.
    """
    text = typed.strip().strip('"').strip()
    if text.lower().startswith("file:"):
        text = _of_url(text[5:], windows)
    if windows:
        text = text.replace("/", "\\")
        if re.match(r"\\\\[^\\]+\\[^\\]|[A-Za-z]:\\", text):
            return text
        raise UserError("共享文件夹请填完整位置，例如 \\\\服务器\\共享名 或 Z:\\同步。")
    if re.match(r"\\\\|[A-Za-z]:[\\/]", text):
        raise UserError(
            "这是 Windows 上的位置；请先把它挂载到这台电脑，再选择挂载的文件夹。"
        )
    return text


def _of_url(rest: str, windows: bool) -> str:
    """`file:///Z:/x`, `file://server/share` as browsers and file managers give it."""
    bare = unquote(rest.lstrip("/"))
    if windows:
        return bare if re.match("[A-Za-z]:", bare) else f"//{bare}"
    return f"/{bare}"


def long_form(path: str, *, windows: bool = os.name == "nt") -> str:
    r"""The form in which Windows takes a path beyond 260 characters."""
    if not windows or len(path) < LONG or path.startswith("\\\\?\\"):
        return path
    if path.startswith("\\\\"):
        return "\\\\?\\UNC\\" + path[2:]
    return "\\\\?\\" + path
