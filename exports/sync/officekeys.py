"""The office's keys on two sticks: a file that a passphrase protects.

With it, and the share, the office is set up again on another PC when its own is gone
(`exports.sync.refounding`): the stations know the keys and go on as if nothing had
happened.  The file is a magic line and one JSON object, sealed by the passphrase
(`keys.encrypt_by_passphrase`).  Whoever has file and passphrase is the office.
"""

import itertools
import math
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from exports.sync import keys
from models import clock
from models.base import transaction
from models.errors import UserError
from models.installation import Installation, installation
from models.jsontext import UNREADABLE
from models.keyslots import flush_names
from models.people import Person
from models.permissions import Operation, require

LEAST, GOOD = 50, 75  # bits
MAGIC = b"DESKOFFICE 1\n"
MOST_FILE = 64 << 10
COPIES = 2


class OfficeKeys(msgspec.Struct, frozen=True):
    """What makes a PC the office of its centre."""

    v: int
    realm: str
    centre_name: str
    office_uid: str
    sign_seed: str
    age_identity: str
    recovery_recipient: str
    made_at: str

    @property
    def identity(self) -> keys.Identity:
        return keys.Identity(self.sign_seed, self.age_identity)

    @property
    def fingerprint(self) -> str:
        return keys.fingerprint(self.identity.sign_key, self.identity.recipient)


def bits_of(passphrase: str) -> int:
    """About how hard a passphrase is to guess.

    Signs that repeat the one before, or go on from it as in 123 or abc, add little.
    """
    kinds = (
        (str.isdecimal, 10),
        (str.islower, 26),
        (str.isupper, 26),
        (lambda sign: sign > "\u2e7f", 2_500),
    )
    pool = sum(size for is_of, size in kinds if any(map(is_of, passphrase)))
    if any(not sign.isalnum() for sign in passphrase):
        pool += 20
    steps = [ord(b) - ord(a) for a, b in itertools.pairwise(passphrase)]
    signs = len(passphrase) - sum(abs(step) <= 1 for step in steps)
    return int(min(signs, 2 * len(set(passphrase))) * math.log2(max(pool, 2)))


def strength_words(passphrase: str) -> str:
    """`强`, `一般` or `太弱…`, for whoever types it."""
    bits = bits_of(passphrase)
    if bits < LEAST:
        return "太弱：请再长一些，例如五六个不相干的词，或 16 位以上的字母和数字"
    return "一般：可以用，更长更好" if bits < GOOD else "强"


def check_passphrase(passphrase: str, again: str) -> None:
    """Refuse a passphrase that is typed differently, or soon guessed."""
    if passphrase != again:
        raise UserError("两次输入的口令不一致，请重新输入。")
    if passphrase != passphrase.strip():
        raise UserError("口令的开头和结尾不能有空格，请重新输入。")
    if bits_of(passphrase) < LEAST:
        raise UserError(f"口令{strength_words(passphrase)}。")


def file_name() -> str:
    return f"办公室密钥-{clock.today():%Y%m%d}.deskkeys"


def export_office_keys(
    folders: Sequence[Path], *, passphrase: str, again: str, by: Person
) -> list[Path]:
    """Write the office's keys to each of *folders*, which are two sticks.

    Each copy is read back and opened before it is told of.  Nothing is left when one of
    them cannot be written.
    """
    require(by, Operation.STATION)
    here = installation()
    if not here.is_office:
        raise UserError("办公室密钥只在办公室电脑上，请到那台电脑导出。")
    check_passphrase(passphrase, again)
    places = [folder / file_name() for folder in folders]
    _check_places(places, here)
    secrets = _keys_of(here)
    plain = msgspec.json.encode(secrets)
    sealed = MAGIC + keys.encrypt_by_passphrase(plain, passphrase)
    written: list[Path] = []
    try:
        for place in places:
            written.append(place)
            _write(place, sealed)
        for place in places:
            if place.read_bytes() != sealed:
                raise OSError(f"{place} does not hold what was written")
        if read_office_keys(places[0], passphrase) != secrets:
            raise OSError("the copies do not open")
    except OSError as error:
        for place in written:
            place.unlink(missing_ok=True)
        raise UserError("U 盘没有写好，两份都已撤回；请换一个 U 盘重试。") from error
    with transaction():
        Installation.update(keys_saved_at=clock.now()).execute()
    return places


def _keys_of(here: Installation) -> OfficeKeys:
    return OfficeKeys(
        v=1,
        realm=here.realm,
        centre_name=here.centre_name,
        office_uid=here.station_uid,
        sign_seed=here.sign_seed,
        age_identity=here.age_identity,
        recovery_recipient=here.recovery_recipient,
        made_at=clock.stamp(),
    )


def _check_places(places: Sequence[Path], here: Installation) -> None:
    """Two of them, neither where everybody reads nor where they die with the PC."""
    from exports.sync.enrolment import refuse_inside
    from models.storage import data_folder

    if len({place.parent.resolve() for place in places}) < COPIES:
        raise UserError("请选两个不同的 U 盘：一份放保险柜，一份另处保管。")
    for place in places:
        if not place.parent.is_dir():
            raise UserError(f"打不开“{place.parent}”，请插好 U 盘后再选。")
        refuse_inside(
            place, "办公室密钥", share_folder=Path(here.share), folder=data_folder()
        )
        if place.exists():
            raise UserError(f"“{place}”已经存在，请换一个文件夹，或先移走旧的。")


def _write(place: Path, sealed: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    flush_names(place.parent)


def read_office_keys(file: Path, passphrase: str) -> OfficeKeys:
    """The keys in a file of the office.  Raises `UserError`."""
    try:
        with file.open("rb") as opened:
            sealed = opened.read(MOST_FILE)
    except OSError as error:
        raise UserError(f"读不到“{file}”，请插好 U 盘后再选。") from error
    if not sealed.startswith(MAGIC):
        raise UserError(
            f"“{file.name}”不是办公室密钥文件，请选“办公室密钥-….deskkeys”。"
        )
    try:
        plain = keys.decrypt_by_passphrase(sealed[len(MAGIC) :], passphrase)
        return msgspec.json.decode(plain, type=OfficeKeys)
    except keys.WrongPassphrase as error:
        raise UserError(
            "口令不对，或文件损坏；请重新输入，或换另一个 U 盘。"
        ) from error
    except UNREADABLE as error:
        raise UserError("办公室密钥文件的内容无法读取，请换另一个 U 盘。") from error


def check_recovery_file(file: Path, here: Installation) -> None:
    """Refuse a file that is not the recovery key of this centre."""
    from models.keyslots import read_recovery_key

    refuse_key_in(file, here)
    secret = read_recovery_key(file)
    if keys.recipient_of(secret) != here.recovery_recipient:
        raise UserError(
            f"“{file.name}”不是这个中心的恢复密钥，请找标着本中心名称的 U 盘。"
        )


def refuse_key_in(file: Path, here: Installation) -> None:
    """The recovery key is on no PC: neither with the data nor on the share."""
    from exports.sync.enrolment import refuse_inside
    from models.storage import data_folder

    if here.share:
        share_folder = Path(here.share)
        refuse_inside(file, "恢复密钥", share_folder=share_folder, folder=data_folder())
