"""What goes wrong with the file of the records, in words for people.

They are peewee's errors as well, so that whoever goes on after one still does.
"""

import errno
import os
import shutil
from pathlib import Path

from peewee import DatabaseError, OperationalError
from sqlcipher3.dbapi2 import (
    DatabaseError as RawDatabaseError,  # pyright: ignore[reportAttributeAccessIssue]
)

from models.errors import UserError

# EFBIG: more than the file system allows for one file.
FULL = frozenset(
    {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if os.name == "posix" else [])}
)
FULL_TEXTS = ("database or disk is full", "recovered from disk full")
LEAST_ROOM = 4 << 20  # bytes; below, an I/O error is taken for want of room


class DiskFull(UserError, OperationalError):
    """Nothing was written for want of room."""


class ReadOnly(UserError, OperationalError):
    """The station is open for looking only."""


class Unopenable(UserError, DatabaseError):
    """The database cannot be opened as it is; a person has to decide."""


class Damaged(Unopenable):
    """Its pages do not hold, or the key is another one."""


class Newer(Unopenable):
    """It was written by a newer program."""


IS_FULL = (
    "硬盘空间不足，没有保存。已填写的内容还在：请清理磁盘（清空回收站、移走大文件），"
    "腾出空间后再按一次保存。"
)
IS_READ_ONLY = "现在是只读状态，不能登记和更改，只能查看和导出台账；没有保存。"
IS_DAMAGED = (
    "数据文件有损坏，这一步没有完成。请关闭程序再打开，按提示从备份恢复；"
    "不要删除任何文件。"
)
IS_FAULTY = "硬盘读写出错，没有保存。已填写的内容还在：请检查硬盘和 U 盘后再试。"


def told(error: BaseException | None) -> UserError | None:
    """What to say of *error*, or of what it came from; None when it is no mishap."""
    while error is not None:
        if isinstance(error, UserError):
            return error
        if (words := _words(error)) is not None:
            return words
        error = error.__cause__ or error.__context__
    return None


def _words(error: BaseException) -> UserError | None:
    if isinstance(error, OSError) and error.errno in FULL:
        return DiskFull(IS_FULL)
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return ReadOnly(IS_READ_ONLY)
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return UserError(IS_FAULTY)
    if not isinstance(error, DatabaseError | RawDatabaseError):
        return None
    text = str(error)
    if any(words in text for words in FULL_TEXTS):
        return DiskFull(IS_FULL)
    if "readonly database" in text:
        return ReadOnly(IS_READ_ONLY)
    if "malformed" in text or "not a database" in text:
        return Damaged(IS_DAMAGED)
    if "disk I/O error" in text:
        return DiskFull(IS_FULL) if _is_without_room() else UserError(IS_FAULTY)
    return None


def _is_without_room() -> bool:
    from models.base import db

    place = Path(str(db.database)).parent
    try:
        return shutil.disk_usage(place).free < LEAST_ROOM
    except OSError:
        return False


def tell_of_writing(error: DatabaseError) -> None:
    """Raise in words for people what *error* says of a write that cannot be done."""
    said = None if isinstance(error, UserError) else _words(error)
    if isinstance(said, DiskFull | ReadOnly):
        raise said from error
