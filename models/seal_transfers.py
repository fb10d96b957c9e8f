"""Transfers of seals, and what they come to: who holds a seal, and for how long (P16).

Each transfer names the one before it, so custody is a chain with one end.  It begins
where the office gave the seal to its present desk (`Seal.since_uid`).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from peewee import IntegerField, TextField

from models import clock
from models.base import DayField, MomentField, Record, db
from models.people import Person, PersonRole
from models.seals import Seal


class TransferKind(StrEnum):
    """Why a seal changes hands.  Stored and synced: never rename a value."""

    HANDOVER = "handover"
    POST = "post"
    TEMPORARY = "temporary"
    RETURN = "return"
    COLLECTED = "collected"


TRANSFER_KIND_LABELS: dict[str, str] = {
    TransferKind.HANDOVER: "交接班",
    TransferKind.POST: "岗位变动",
    TransferKind.TEMPORARY: "临时代管",
    TransferKind.RETURN: "代管归还",
    TransferKind.COLLECTED: "缴回办公室",
}


class SignedBy(StrEnum):
    """How somebody signed.  Stored and synced: never rename a value."""

    CARD = "card"
    NUMBER = "number"
    SESSION = "session"


SIGNED_BY_LABELS: dict[str, str] = {
    SignedBy.CARD: "刷卡",
    SignedBy.NUMBER: "学号",
    SignedBy.SESSION: "登录",
}


class SealTransfer(Record):
    """The seal changes hands; both and a witness stand for it."""

    only_added = True

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    # The transfer before this one ("" for the first): custody is a chain.
    previous_uid = TextField(default="", verbose_name="上次移交标识")
    at = MomentField(verbose_name="移交时间")
    place = TextField(default="", verbose_name="地点")
    giver_uid = TextField(verbose_name="移交人标识")
    giver_name = TextField(verbose_name="移交人")
    receiver_uid = TextField(verbose_name="接收人标识")
    receiver_name = TextField(verbose_name="接收人")
    witness_uid = TextField(verbose_name="监交人标识")
    witness_name = TextField(verbose_name="监交人")
    reason = TextField(verbose_name="移交原因")
    condition = TextField(default="完好", verbose_name="印章状况")
    # The numbers given this year while the giver had it; null when none.
    first_number = IntegerField(null=True, verbose_name="登记起号")
    last_number = IntegerField(null=True, verbose_name="登记止号")
    note = TextField(default="", verbose_name="备注")
    kind = TextField(default=TransferKind.HANDOVER, verbose_name="移交类别")
    # The last day of temporary custody, and who allowed it.
    until = DayField(null=True, verbose_name="代管期限")
    approver = TextField(default="", verbose_name="批准人")
    # How each of them signed: by card, by number, or as the one signed in.
    giver_signed = TextField(default="", verbose_name="移交人签字方式")
    receiver_signed = TextField(default="", verbose_name="接收人签字方式")
    witness_signed = TextField(default="", verbose_name="监交人签字方式")

    class Meta:
        table_name = "seal_transfer"

    @property
    def kind_label(self) -> str:
        return TRANSFER_KIND_LABELS.get(self.kind, self.kind)


class Holder(NamedTuple):
    """In whose hands a seal is."""

    uid: str
    name: str


class Custody(NamedTuple):
    """Who holds a seal, and when it is only lent: until when and by whom."""

    holder: Holder
    until: date | None = None
    lender: Holder | None = None

    @property
    def is_temporary(self) -> bool:
        return self.until is not None

    @property
    def is_over(self) -> bool:
        """Temporary custody that should have ended: no use, only handing on."""
        return self.until is not None and self.until < clock.today()


class _Link(NamedTuple):
    """Of a transfer, what custody is reckoned from."""

    uid: str
    previous_uid: str
    at: str
    kind: str
    until: str | None
    giver: Holder
    receiver: Holder


_LINK_SQL = (
    'SELECT uid, previous_uid, "at", kind, until, giver_uid, giver_name, '
    "receiver_uid, receiver_name FROM seal_transfer WHERE seal_uid = "
)


def _chain(seal: Seal) -> list[_Link]:
    """The transfers since the seal came to its desk, in order.

    Of two that follow the same one the first that was made stands.
    """
    rows = db.execute_sql(
        f'{_LINK_SQL}{db.param} ORDER BY "at" DESC, uid DESC', (seal.uid,)
    ).fetchall()
    following = {
        previous: _Link(uid, previous, at, kind, until, Holder(*who), Holder(*whom))
        for uid, previous, at, kind, until, *people in rows
        for who, whom in [(people[:2], people[2:])]
    }
    links, after = [], seal.since_uid
    # What was walked is taken out: a forged circle ends.
    while (link := following.pop(after, None)) is not None:
        links.append(link)
        after = link.uid
    return links


def custody_of(seal: Seal) -> Custody:
    """Who has the seal now, and on what terms.

    Temporary custody may be handed on; what is returned stands as it stood before.
    """
    standing = [Custody(Holder(seal.keeper_uid, seal.keeper_name))]
    for link in _chain(seal):
        if link.kind == TransferKind.TEMPORARY:
            until = date.fromisoformat(link.until) if link.until else date.max
            standing.append(Custody(link.receiver, until, link.giver))
        elif link.kind == TransferKind.RETURN and len(standing) > 1:
            standing.pop()
        else:
            standing = [Custody(link.receiver)]
    return standing[-1]


def holder_of(seal: Seal) -> Holder:
    """Who has the seal now: its last receiver, or its first keeper at the desk."""
    return custody_of(seal).holder


def holders_between(seal: Seal, first: datetime, last: datetime) -> list[Holder]:
    """Who held the seal from one moment to another, in order."""
    holders = [Holder(seal.keeper_uid, seal.keeper_name)]
    for link in _chain(seal):
        at = datetime.fromisoformat(link.at)
        if at > last:
            break
        holders = [*([] if at < first else holders), link.receiver]
    return holders


def last_transfer(seal: Seal) -> SealTransfer | None:
    """The end of the seal's chain of custody; None while the keeper has it."""
    chain = _chain(seal)
    return SealTransfer.get_by_id(chain[-1].uid) if chain else None


def last_transfer_uid(seal: Seal) -> str:
    """What the next transfer follows."""
    chain = _chain(seal)
    return chain[-1].uid if chain else seal.since_uid


def is_with_office(seal: Seal) -> bool:
    """Has the seal been handed in, as far as the transfers known here tell?"""
    holder = Person.get_or_none(Person.uid == holder_of(seal).uid)
    return holder is not None and holder.role == PersonRole.OFFICE
