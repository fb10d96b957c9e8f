"""The office on another PC: from its keys on a stick and what it had published.

The batches it had put under `down/office` and `down/all` can be read with its own key;
the former hold its whole journal, the latter all but the content of what is for the
office alone.  So the new database goes on with the very same chain.  It then begins a
new epoch: the stations follow it, forget what the old office had confirmed, and send
again whatever the share does not hold.
"""

from collections.abc import Iterator
from pathlib import Path

from exports.sync import batch, enrolment, ownkeeping, share
from exports.sync.draft import complete_or_not_at_all
from exports.sync.merge import NOT_A_ROW
from exports.sync.officekeys import OfficeKeys
from exports.sync.projection import Sender, project
from exports.sync.publish import hash_before
from models import journal
from models.alarms import AlarmKind, raise_alarm
from models.base import execute_many, transaction
from models.epochs import EpochReason, new_epoch, open_epoch
from models.errors import UserError
from models.installation import Installation, StationKind, installation
from models.journal import OWN, Stream
from models.people import PersonRole, people
from models.progress import Report, unheard
from models.storage import create_database, open_database
from models.verification import missing_content


def refound_centre(
    folder: Path,
    *,
    office_keys: OfficeKeys,
    share_folder: Path,
    key_in_file: bool = False,
    report: Report = unheard,
) -> Installation:
    """Make *folder* the office of its old centre again; the database is open then."""
    marker = share.read_marker(share_folder)
    identity = office_keys.identity
    if (marker.realm, marker.office_key) != (office_keys.realm, identity.sign_key):
        raise UserError(
            f"这个共享文件夹属于“{marker.centre_name}”，与办公室密钥文件不是同一个中心，"
            "请重新选择。"
        )
    uid = office_keys.office_uid
    down = share_folder / "down"
    places = [*_epochs_told(down / ownkeeping.PLACE), *_epochs_told(down / "all")]
    newest = max((place.name for place in places), default="") or new_epoch()
    with complete_or_not_at_all(folder) as draft:
        create_database(
            draft,
            identity=enrolment.identity_fields(
                uid, StationKind.OFFICE, "中心办公室", marker, identity
            )
            | {"epoch": newest, "share": str(share_folder.absolute())},
            stream={"sender": uid, "addressee": "all", "epoch": newest},
            key_in_file=key_in_file,
        )
        for place in places:
            _read_back(installation(), place, report)
        if not people(PersonRole.OFFICE):
            raise UserError(
                "共享文件夹里没有这个中心的人员和窗口资料，不能凭密钥重建；"
                "请改用办公室的备份恢复。"
            )
        open_epoch(EpochReason.RESTORED, above=max(_labels_on(share_folder)))
        _tell_what_is_missing(installation())
    return open_database(folder)


def _tell_what_is_missing(here: Installation) -> None:
    """An office before version 0.4 kept on the share no content for itself alone."""
    lost = [seq for sender, seq in missing_content() if not sender]
    if lost:
        raise_alarm(
            AlarmKind.LOST_HERE,
            f"办公室自己的 {len(lost)} 条记录（第 {lost[0]}–{lost[-1]} 条流水中，"
            "如超出工时的处理、酬金审批）只剩编号，内容没能从共享文件夹读回："
            "有办公室的旧备份请改用备份恢复，没有请按纸质材料重新办理。",
            station=here.station_uid,
            about=here.epoch,
        )


def _epochs_told(folder: Path) -> list[Path]:
    """What the office told everybody, the newest epoch first.

    Chained hashes do not name the epoch: where the newest ends too early, an older one
    that holds the same history goes on with it.
    """
    names = [name for name in share.names_in(folder) if enrolment.EPOCH.fullmatch(name)]
    return [folder / name for name in sorted(names, reverse=True)]


def _labels_on(share_folder: Path) -> Iterator[str]:
    """Every epoch the office was ever in, as far as the share tells."""
    yield ""
    for addressee in share.names_in(share_folder / "down"):
        for name in share.names_in(share_folder / "down" / addressee):
            if enrolment.EPOCH.fullmatch(name):
                yield name


def _read_back(here: Installation, folder: Path, report: Report) -> None:
    """Go on with the own journal as far as the files in *folder* bring it."""
    files = sorted(
        (first, -last, name)
        for name in share.names_in(folder)
        for first, last in [batch.range_of(name)]
        if first
    )
    for first, last, name in files:
        length, head = journal.tip()
        if first > length + 1:
            return
        if -last > length:
            report(length, -files[-1][1], "正在读回办公室发布过的资料")
            _take(here, folder / name, length, head)


def _take(here: Installation, path: Path, length: int, head: str) -> None:
    """Append what is new in one file; one that is damaged or says otherwise is left."""
    data = share.read(path, batch.MOST_FILE)
    own = Stream.get_by_id(OWN)
    sender = Sender(here.station_uid, StationKind.OFFICE, here.office_key)
    try:
        opened = batch.open_batch(
            path.name,
            data or b"",
            sign_key=sender.sign_key,
            age_identity=here.age_identity,
        )
        header, known = opened.header, length - opened.header.first + 1
        stands = (header.realm, header.sender, header.to, header.epoch)
        mine = (here.realm, sender.uid, "all", path.parent.name)
        before = hash_before(here, own, header.first)
        if stands != mine or header.prev != before:
            return
        if known and opened.entries[known - 1].hash != head:
            return
        fresh = opened.entries[known:]
        with transaction():
            _append(fresh)
            project(sender, own, fresh)
    except (batch.BadBatch, *NOT_A_ROW):
        return  # another file, or an older epoch, may hold the same entries


def _append(fresh: list[batch.Arrived]) -> None:
    rows = []
    for line, digest, entry_hash in fresh:
        payload = bytes(line.payload).decode() if line.payload else None
        place = (OWN, line.seq, line.at, line.person, line.table, line.row)
        rest = (line.revision, line.audience, line.salt or None, payload)
        rows.append((*place, *rest, digest, entry_hash))
    execute_many(journal.insert_sql(), rows)
