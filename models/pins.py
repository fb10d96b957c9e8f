"""A PIN of one's own for checking in, for whoever wants one (P14), and the PIN that
leaves a screen shown to students.

A card can be lent; who has set a PIN at a desk is asked for it there.  Kept at this
station alone, as an argon2id hash inside the encrypted database.  After five wrong
ones it waits, counted in the database, so that a restart helps nobody.
"""

import re
import unicodedata
from datetime import timedelta

from peewee import IntegerField, TextField

from models import clock
from models.base import Local, MomentField, transaction
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require

MOST_WRONG = 5
WAIT = timedelta(minutes=5)
# Stands where the uid of a person stands; no uid is a word.
SCREEN = "screen"
MINE, SCREENS = "签到密码", "屏幕密码"


class Pin(Local):
    """The hash of one person's PIN at this station, or of that of its screens."""

    person_uid = TextField(unique=True)
    hash = TextField()
    wrong = IntegerField(default=0)
    wrong_at = MomentField(null=True)

    class Meta:
        table_name = "pin"


def has_pin(person: Person) -> bool:
    return _has(person.uid)


def set_pin(person: Person, pin: str, *, current: str = "") -> None:
    """Set one's own PIN, six digits; changing it takes the *current* one."""
    if has_pin(person):
        check_pin(person, current)
    _set(person.uid, pin, MINE)


def check_pin(person: Person, pin: str) -> None:
    """Refuse a wrong PIN; somebody without one passes.

    Every try is written down before it is judged.
    """
    row = Pin.get_or_none(Pin.person_uid == person.uid)
    if row is not None:
        _check(row, pin, MINE)


def has_screen_pin() -> bool:
    """Whether the screens for students can be left, and so be opened."""
    return _has(SCREEN)


def set_screen_pin(pin: str, *, by: Person, current: str = "") -> None:
    """Set the PIN that leaves the screens of this station; changing it takes the
    *current* one."""
    require(by, Operation.SCREEN_PIN)
    if has_screen_pin():
        check_screen_pin(current)
    _set(SCREEN, pin, SCREENS)


def check_screen_pin(pin: str) -> None:
    """Refuse a wrong PIN.  What cannot be one, such as a card, is no try."""
    row = Pin.get_or_none(Pin.person_uid == SCREEN)
    if row is None:
        raise UserError("还没有设置屏幕密码，请老师登录后设置。")
    if not re.fullmatch(r"\d{6}", _digits(pin)):
        raise UserError("屏幕密码是 6 位数字，请重新输入。")
    _check(row, pin, SCREENS)


def reset_screen_pin(*, by: Person) -> None:
    """Forget the PIN of the screens; the next one is set before one is opened."""
    require(by, Operation.SCREEN_PIN)
    with transaction():
        Pin.delete().where(Pin.person_uid == SCREEN).execute()


def _has(key: str) -> bool:
    return Pin.select().where(Pin.person_uid == key).exists()


def _set(key: str, pin: str, called: str) -> None:
    digits = _digits(pin)
    if not re.fullmatch(r"\d{6}", digits):
        raise UserError(f"{called}请设为 6 位数字。")
    if len(set(digits)) == 1 or digits in "0123456789 9876543210":
        raise UserError("这个密码太容易猜到，请换一个。")
    with transaction():
        Pin.delete().where(Pin.person_uid == key).execute()
        Pin.create(person_uid=key, hash=_hasher().hash(digits))


def _check(row: Pin, pin: str, called: str) -> None:
    now = clock.now()
    if row.wrong >= MOST_WRONG and row.wrong_at and now - row.wrong_at < WAIT:
        if now < row.wrong_at:  # the clock was set back: the wait begins again
            with transaction():
                Pin.update(wrong_at=now).where(Pin.id == row.id).execute()
        raise UserError(f"{called}连续输错，请过 5 分钟再试，或请老师重设。")
    if not pin.strip():
        raise UserError(f"请输入{called}。")
    wrong = row.wrong % MOST_WRONG + 1
    with transaction():
        Pin.update(wrong=wrong, wrong_at=now).where(Pin.id == row.id).execute()
    if not _is_right(row.hash, _digits(pin)):
        raise UserError(f"{called}不对，请重新输入。")
    with transaction():
        Pin.update(wrong=0, wrong_at=None).where(Pin.id == row.id).execute()


def reset_pin(person: Person, *, by: Person) -> None:
    """Forget a PIN that its owner forgot; a teacher or the office does it."""
    require(by, Operation.PIN_RESET, departments=[person.department_uid])
    with transaction():
        Pin.delete().where(Pin.person_uid == person.uid).execute()


def _digits(pin: str) -> str:
    return unicodedata.normalize("NFKC", pin).strip()


def _is_right(stored: str, pin: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return _hasher().verify(stored, pin)
    except VerifyMismatchError:
        return False


def _hasher():
    """RFC 9106's second choice (64 MiB, three passes): desk PCs have little memory."""
    from argon2 import PasswordHasher  # 15 ms, and few set a PIN

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
