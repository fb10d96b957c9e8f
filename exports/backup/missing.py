"""What would be missing after a restore: all that came after the backup was made.

Three that know more may be asked: the database that is still there, the batches of
this station on the share, and the office, which has said what it holds.
"""

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from peewee import DatabaseError

from exports.backup.contents import Contents
from exports.backup.facts import opened
from exports.sync import batch, share
from models import keystore
from models.errors import UserError
from models.jsontext import UNREADABLE
from models.sqlite import StationFile

PATIENCE = 15  # seconds
Places = tuple[int | None, int | None]  # published up to, confirmed up to
MOST_READ = 50  # batches of the office that are looked through for its receipt


class Missing(NamedTuple):
    """Each is None where nobody could be asked."""

    now: int | None = None  # own entries of the database that is still there
    last_at: str = ""  # when the last of them was made
    lost: dict[str, int] | None = None  # its rows after the backup, per table
    differs: bool = False  # it has another history, or is another station's
    published: int | None = None  # the newest own entry that lies on the share
    confirmed: int | None = None  # the newest that the office says it has
    trouble: str = ""  # why the share was not asked


def missing_from(contents: Contents, data: Path) -> Missing:
    """Compare a backup with what is still in *data*, and with the share."""
    answer = _ask_database(contents, data)
    try:
        published, confirmed = _within_patience(lambda: _ask_share(contents))
    except UserError as error:
        return answer._replace(trouble=str(error))
    except DatabaseError:  # the stick was pulled out meanwhile
        return answer._replace(trouble="备份文件读不出来了。")
    if confirmed is None and answer.confirmed is not None:
        confirmed = answer.confirmed
    return answer._replace(published=published, confirmed=confirmed)


def _ask_database(contents: Contents, data: Path) -> Missing:
    key, path = keystore.kept_key(data), data / "desk.db"
    if key is None or not path.exists():
        return Missing()
    try:
        with opened(path, key) as database:
            return _compare(contents, database)
    except DatabaseError:  # it is damaged: that is why we are here
        return Missing()


def _compare(contents: Contents, database: StationFile) -> Missing:
    def rows(sql: str, *values: object) -> list[tuple]:
        return database.execute_sql(sql, values).fetchall()

    facts = contents.facts
    ((station,),) = rows("SELECT station_uid FROM installation") or [("",)]
    there = rows("SELECT hash FROM journal WHERE stream = 1 AND seq = ?", facts.seq)
    last = rows(
        "SELECT seq, at FROM journal WHERE stream = 1 ORDER BY seq DESC LIMIT 1"
    )
    (seq, at) = last[0] if last else (0, "")
    differs = station != facts.station or (bool(facts.seq) and there != [(facts.head,)])
    if differs:
        return Missing(now=seq, last_at=at, differs=True)
    lost = rows(
        "SELECT table_name, COUNT(DISTINCT row_uid) FROM journal "
        "WHERE stream = 1 AND seq > ? GROUP BY table_name",
        facts.seq,
    )
    ((confirmed,),) = rows("SELECT confirmed_upto FROM stream WHERE id = 1") or [(0,)]
    return Missing(now=seq, last_at=at, lost=dict(lost), confirmed=confirmed)


def _within_patience(ask: Callable[[], Places]) -> Places:
    """A dead share may keep a call for minutes; a restore need not wait for it."""
    answers: queue.SimpleQueue[Places | Exception] = queue.SimpleQueue()

    def on_thread() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # raised again where somebody waits
            answers.put(error)

    threading.Thread(target=on_thread, name="share", daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except queue.Empty as error:
        raise UserError("共享文件夹没有回应。") from error
    if isinstance(answer, Exception):
        raise answer
    return answer


def _ask_share(contents: Contents) -> Places:
    """How far the share holds this station, and how far the office says it does."""
    with opened(contents.path, contents.key, immutable=True) as database:
        row = database.execute_sql(
            "SELECT share, realm, office_key, age_identity FROM installation"
        ).fetchone()
    root, realm, office_key, age_identity = row
    if not root:
        raise UserError("备份里没有共享文件夹的位置。")
    marker = share.read_marker(Path(root))
    if (marker.realm, marker.office_key) != (realm, office_key):
        raise UserError("那里的共享文件夹属于另一个服务中心。")
    if contents.facts.is_office:
        return _published(Path(root) / "down" / "all"), None
    uid = contents.facts.station
    confirmed = _confirmed(Path(root) / "down" / uid, office_key, age_identity)
    return _published(Path(root) / "up" / uid), confirmed


def _published(folder: Path) -> int:
    """The newest entry by the names of the batches, in whatever epoch."""
    ranges = (
        batch.range_of(name)
        for epoch in list(share.names_in(folder))
        for name in share.names_in(folder / epoch)
    )
    return max((last for _first, last in ranges), default=0)


def _confirmed(folder: Path, office_key: str, age_identity: str) -> int | None:
    """The newest receipt of the newest epoch of the office that has one."""
    for epoch in sorted(share.names_in(folder), reverse=True):
        names = (
            name for name in share.names_in(folder / epoch) if batch.range_of(name)[1]
        )
        for name in sorted(names, reverse=True)[:MOST_READ]:
            upto = _receipt_in(folder / epoch / name, office_key, age_identity)
            if upto is not None:
                return upto
    return None


def _receipt_in(path: Path, office_key: str, age_identity: str) -> int | None:
    import msgspec

    data = share.read(path, batch.MOST_FILE)
    if data is None:
        return None
    try:
        arrived = batch.open_batch(
            path.name, data, sign_key=office_key, age_identity=age_identity
        ).entries
        found = [
            int(msgspec.json.decode(bytes(one.line.payload))["upto"])
            for one in arrived
            if one.line.table == "receipt" and one.line.payload
        ]
    except (batch.BadBatch, *UNREADABLE, KeyError, TypeError, ValueError):
        return None
    return max(found, default=None)
