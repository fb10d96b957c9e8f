"""Founding a centre, asking to join one, and letting a station in.

A person at the office compares the fingerprint of a request with the one on the
screen of the new station before approving it; the station pins the office's key the
same way, from the marker.
"""

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from exports.sync import batch, keys, share
from exports.sync.draft import complete_or_not_at_all
from models import centre
from models.base import transaction, tuples_of
from models.custody import custody_of, seals_kept_at
from models.desks import Desk
from models.disposals import assign_seal
from models.epochs import new_epoch, number_of
from models.errors import UserError
from models.installation import Installation, StationKind, installation, set_share
from models.journal import OWN, Stream
from models.jsontext import UNREADABLE
from models.keystore import write_private
from models.people import Person
from models.permissions import Operation, require
from models.seals import Seal, ledger_station_of
from models.stations import Station, revoke, stations
from models.storage import (
    create_database,
    nothing_left_on_server,
    open_database,
)
from models.uids import new_uid

if TYPE_CHECKING:
    from models.postgres import Server

REQUESTS = "enrol"
SUFFIX = ".request"
NAME = re.compile(r"[0-9a-f]{32}\.request")
UID = re.compile("[0-9a-f]{32}")
EPOCH = re.compile(r"\d{4}[0-9a-f]{12}", re.ASCII)
MOST_REQUEST = 16 << 10
MOST_REQUESTS = 1_000
MOST_NAME = 60


class Request(msgspec.Struct, frozen=True):
    """A station asks to be let in."""

    v: int
    realm: str
    station_uid: str
    name: str
    sign_key: str
    recipient: str

    @property
    def fingerprint(self) -> str:
        return keys.fingerprint(self.sign_key, self.recipient)

    @property
    def file_name(self) -> str:
        return self.fingerprint.replace(" ", "").lower() + SUFFIX


def found_centre(
    folder: Path,
    *,
    share_folder: Path,
    centre_name: str,
    number: str,
    name: str,
    recovery_file: Path,
    card: str = "",
    key_in_file: bool = False,
    server: "Server | None" = None,
) -> Installation:
    """Make *folder* the office of a new centre and *share_folder* its share.

    The recovery key is written to *recovery_file*, which belongs on a stick in a
    safe and on no PC.  *number* and *name* are the first person of the office.
    With *server* the records are kept on it instead of in a file.
    """
    if not centre_name.strip():
        raise UserError("请填写服务中心的名称。")
    _check_recovery_file(recovery_file, folder, share_folder)
    share.refuse_taken(share_folder)
    identity = keys.new_identity()
    recovery_secret, recovery_recipient = keys.new_age_identity()
    uid, epoch = new_uid(), new_epoch()
    marker = _marker(
        secrets.token_hex(16), centre_name.strip(), uid, identity, recovery_recipient
    )
    with complete_or_not_at_all(folder) as draft:
        create_database(
            draft,
            identity=identity_fields(
                uid, StationKind.OFFICE, "中心办公室", marker, identity
            )
            | {
                "epoch": epoch,
                "followed_epoch": epoch,
                "share": str(share_folder.absolute()),
            },
            stream={"sender": uid, "addressee": "all", "epoch": epoch},
            key_in_file=key_in_file,
            server=server,
        )
        with nothing_left_on_server():
            centre.found_centre(number=number, name=name, card=card)
            write_private(recovery_file, f"{recovery_secret}\n")
    here = open_database(folder)
    finish_founding(here)
    return here


def refuse_inside(file: Path, what: str, *, share_folder: Path, folder: Path) -> None:
    """A key that opens everything lies neither on the share nor beside the records it
    is to save."""
    for place, name in ((share_folder, "共享文件夹"), (folder, "数据文件夹")):
        if place.resolve() in file.resolve().parents:
            raise UserError(f"{what}不能放在{name}里，请存到 U 盘上。")


def _check_recovery_file(file: Path, folder: Path, share_folder: Path) -> None:
    refuse_inside(file, "恢复密钥", share_folder=share_folder, folder=folder)
    if file.exists():
        raise UserError(f"“{file}”已经存在，请换一个文件名保存恢复密钥。")


def finish_founding(here: Installation) -> None:
    """Put the new centre's marker on the share, unless that was done before.

    Once anything was published, or after a restore, a missing marker means that the
    share is not there; then it is never made again.
    """
    own = Stream.get_by_id(OWN)
    begun = here.synced_at or own.published_upto or number_of(here.epoch) > 1
    if not here.is_office or begun:
        return
    try:
        share.read_marker(Path(here.share))
    except share.NoMarker:
        identity = keys.Identity(here.sign_seed, here.age_identity)
        marker = _marker(
            here.realm,
            here.centre_name,
            here.station_uid,
            identity,
            here.recovery_recipient,
        )
        share.write_marker(Path(here.share), marker, here.sign_seed)


def found_share_again(folder: Path, *, by: Person) -> None:
    """The old share is gone for good: make an empty *folder* the centre's share.

    The marker says what it always said, so the stations know it as theirs once they are
    shown where it is; everything nobody has confirmed is then published once more.
    Only a person decides this: that a share looks empty proves nothing.
    """
    require(by, Operation.STATION)
    here = installation()
    if not here.is_office:
        raise UserError("共享文件夹由中心办公室重建，请到办公室电脑操作。")
    share.refuse_taken(folder)
    if any(share.names_in(folder)):
        raise UserError("这个文件夹里已有文件，请新建一个空文件夹再选。")
    identity = keys.Identity(here.sign_seed, here.age_identity)
    marker = _marker(
        here.realm,
        here.centre_name,
        here.station_uid,
        identity,
        here.recovery_recipient,
    )
    share.write_marker(folder, marker, here.sign_seed)
    set_share(str(folder.absolute()))


def _marker(
    realm: str, name: str, uid: str, identity: keys.Identity, recovery: str
) -> share.Marker:
    return share.Marker(
        v=1,
        realm=realm,
        centre_name=name,
        office_uid=uid,
        office_key=identity.sign_key,
        office_recipient=identity.recipient,
        recovery_recipient=recovery,
        min_format=batch.VERSION,
        max_format=batch.VERSION,
    )


def identity_fields(
    uid: str, kind: str, name: str, marker: share.Marker, identity: keys.Identity
) -> dict[str, str]:
    """The fields of `Installation` that come from keys and marker."""
    return {
        "station_uid": uid,
        "kind": kind,
        "name": name,
        "realm": marker.realm,
        "centre_name": marker.centre_name,
        "sign_seed": identity.sign_seed,
        "age_identity": identity.age_identity,
        "office_uid": marker.office_uid,
        "office_key": marker.office_key,
        "office_recipient": marker.office_recipient,
        "recovery_recipient": marker.recovery_recipient,
    }


def join_centre(
    folder: Path,
    *,
    share_folder: Path,
    marker: share.Marker,
    name: str,
    key_in_file: bool = False,
) -> Installation:
    """Make *folder* a desk station that asks to be let in.

    *marker* is the one whose fingerprint a person has compared: its key is pinned.
    """
    if not 0 < len(name.strip()) <= MOST_NAME or not name.strip().isprintable():
        raise UserError(
            f"请填写这台电脑的名称，例如“教务窗口 1 号机”，最多 {MOST_NAME} 个字。"
        )
    identity, uid, epoch = keys.new_identity(), new_uid(), new_epoch()
    with complete_or_not_at_all(folder) as draft:
        create_database(
            draft,
            identity=identity_fields(
                uid, StationKind.DESK, name.strip(), marker, identity
            )
            | {"epoch": epoch, "share": str(share_folder.absolute())},
            stream={"sender": uid, "addressee": "office", "epoch": epoch},
            key_in_file=key_in_file,
        )
    here = open_database(folder)
    send_request(here)
    return here


def my_request(here: Installation) -> Request:
    identity = keys.Identity(here.sign_seed, here.age_identity)
    return Request(
        v=1,
        realm=here.realm,
        station_uid=here.station_uid,
        name=here.name,
        sign_key=identity.sign_key,
        recipient=identity.recipient,
    )


def send_request(here: Installation) -> None:
    """Put the request on the share; once is enough, again does no harm."""
    request = my_request(here)
    body = msgspec.json.encode(request)
    signature = keys.sign(here.sign_seed, b"desk-request-1\0" + body)
    data = body + b"\n" + signature.encode() + b"\n"
    folder, name = Path(here.share) / REQUESTS, request.file_name
    if share.read(folder / name, MOST_REQUEST) != data:
        share.publish(folder, name, data)


def requests() -> list[Request]:
    """The requests on the share that nobody has answered; malformed ones left out."""
    here = installation()
    folder = Path(here.share) / REQUESTS
    known = {uid for (uid,) in tuples_of(Station.select(Station.station_uid))}
    names = sorted(name for name in share.names_in(folder) if NAME.fullmatch(name))
    found = []
    for name in names[:MOST_REQUESTS]:
        data = share.read(folder / name, MOST_REQUEST)
        request = _read_request(data) if data else None
        if request is None or request.file_name != name:
            continue
        if request.realm == here.realm and request.station_uid not in known:
            found.append(request)
    return found


def _read_request(data: bytes) -> Request | None:
    """A request that is formed as a station forms it, and signed; None otherwise."""
    body, _, signature = data.rstrip(b"\n").partition(b"\n")
    try:
        request = msgspec.json.decode(body, type=Request)
    except UNREADABLE:
        return None
    # The uid becomes the name of a folder, the name appears on the screen.
    if not UID.fullmatch(request.station_uid) or not request.name.isprintable():
        return None
    if not 0 < len(request.name) <= MOST_NAME or not keys.is_recipient(
        request.recipient
    ):
        return None
    good = keys.is_signed(request.sign_key, b"desk-request-1\0" + body, signature)
    return request if good else None


def approve(
    request: Request, *, desk: Desk, by: Person, replaces: Station | None = None
) -> Station:
    """Let a station in, at *desk*, after its fingerprint was compared."""
    require(by, Operation.STATION)
    with transaction():
        taken = Station.select().where(Station.station_uid == request.station_uid)
        mine = request.station_uid == installation().station_uid
        if mine or taken.exists():
            raise UserError("这台工作站已经批准过了。")
        return Station(
            station_uid=request.station_uid,
            kind=StationKind.DESK,
            name=request.name,
            desk_uid=desk.uid,
            sign_key=request.sign_key,
            recipient=request.recipient,
            replaces=replaces.station_uid if replaces else "",
        ).write(by=by)


class Replacement(NamedTuple):
    """A PC that took another's place, and the seals somebody still has to see to."""

    station: Station
    seals_left: list[Seal]


def replace_station(
    old: Station,
    request: Request,
    *,
    by: Person,
    reason: str,
    after_seq: int | None = None,
) -> Replacement:
    """Revoke a PC and let another in at its desk, to go on with all that is here of it.

    Its seals keep their holders, and the new PC their numbers.  One that is lent, or
    whose holder has left, is named: where it goes is decided in 印章管理.
    """
    with transaction():
        old = Station.get(Station.uid == old.uid)
        if not old.is_revoked:
            old = revoke(old, by=by, reason=reason, after_seq=after_seq)
        reason = reason.strip() or old.revoked_reason
        if any(station.replaces == old.station_uid for station in stations()):
            raise UserError(f"{old.name}已经有电脑接替了，请直接批准这一台。")
        desk = Desk.get(Desk.uid == old.desk_uid)
        new = approve(request, desk=desk, by=by, replaces=old)
        left = []
        for seal in seals_kept_at(desk):
            if ledger_station_of(seal) == old.station_uid:
                left += _move_ledger(seal, desk, new, by=by, reason=reason)
    return Replacement(new, left)


def _move_ledger(
    seal: Seal, desk: Desk, new: Station, *, by: Person, reason: str
) -> list[Seal]:
    """The new PC keeps the ledger, the holder the seal; [seal] where that cannot be."""
    custody = custody_of(seal)
    holder = Person.get_or_none(Person.uid == custody.holder.uid)
    if holder is None or custody.is_temporary:
        return [seal]
    try:
        assign_seal(seal, by=by, desk=desk, keeper=holder, reason=reason, station=new)
    except UserError:
        return [seal]
    return []
