"""What the sync tests say to a centre: work, exchange, compare; and forge."""

from pathlib import Path

import msgspec

import models
from exports.sync import batch, enrolment, share, sync, sync_state
from models import Seal, SealUse, Visit, VisitOutcome, journal
from models.base import db, table_of
from models.installation import Installation
from models.journal import OWN, Stream
from models.tables import RECORDS

FROM_DESKS = [model for model in RECORDS if model.written_by == "desk"]


def exchange(*folders: Path) -> list:
    """Sync at one place after the other; the last stays open."""
    results = []
    for folder in folders:
        models.open_database(folder)
        results.append(sync())
    return results


def work(folder: Path, visits: int = 3) -> None:
    """Visits at a desk, and on the seal it holds a use."""
    models.open_database(folder)
    for number in range(visits):
        note_visit(f"来访人{number}")
    for seal in models.seals_of(models.this_desk()):
        use_seal(seal)


def note_visit(visitor: str) -> Visit:
    """Somebody came to the desk that is open, and was served at once."""
    return models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=models.services_of(models.this_desk())[0],
        outcome=VisitOutcome.DONE,
        visitor_name=visitor,
        result="当场办妥",
    )


def use_seal(seal: Seal) -> SealUse:
    """A student's certificate is stamped at the desk that is open."""
    return models.record_seal_use(
        by=models.person_signing_in("T001"),
        seal=seal,
        applicant="张伟",
        unit="数字化学院",
        document_title="在读证明",
        purpose="办理助学贷款",
        approver="李老师",
    )


def add_station(centre, code: str) -> Path:
    """A second desk's station, let in and brought up to date."""
    folder = centre.root / code
    join(centre, folder, name=f"{code} 1 号机")
    approve_all(centre, code)
    exchange(centre.office, folder)
    return folder


def join(centre, folder: Path, name: str) -> None:
    models.close_database()
    enrolment.join_centre(
        folder,
        share_folder=centre.share,
        marker=share.read_marker(centre.share),
        name=name,
        key_in_file=True,
    )
    models.close_database()


def approve_all(centre, code: str) -> None:
    models.open_database(centre.office)
    by, desk = models.person_signing_in("B0001"), models.desk_by_code(code)
    for request in enrolment.requests():
        enrolment.approve(request, desk=desk, by=by)


def rows_by(station_uid: str) -> dict[str, list[tuple]]:
    """Every row that a station wrote, as the open database has it."""
    return {
        table_of(model).name: db.execute_sql(
            f"{table_of(model).select_sql} WHERE station = ? ORDER BY uid",
            (station_uid,),
        ).fetchall()
        for model in RECORDS
    }


def assert_alike(office: Path, *stations: Path) -> None:
    """The office has every row of every station, to the letter, and no other.

    All of them are confirmed, and every database is whole.
    """
    written = {}
    for folder in stations:
        here = models.open_database(folder)
        state = sync_state()
        length = journal.tip()[0]
        assert (state.confirmed, state.published, state.waiting) == (length, 0, 0)
        written[here.station_uid] = rows_by(here.station_uid)
        assert models.verify().faults == []
    here = models.open_database(office)
    for uid, rows in written.items():
        assert rows_by(uid) == rows
    for model in FROM_DESKS:
        made_by = {row.station for row in model.select()}
        assert made_by <= set(written)
    assert models.verify().faults == []
    theirs = rows_by(here.station_uid)
    for folder in stations:
        models.open_database(folder)
        assert rows_by(here.station_uid) == theirs


def batches_of(centre, folder: Path) -> list[Path]:
    """The files that a station has put on the share, in order."""
    here = models.open_database(folder)
    return sorted((centre.share / "up" / here.station_uid / here.epoch).iterdir())


def publish_in_pieces(folder: Path, pieces: int, visits: int = 2) -> None:
    """Some days' work, each published on its own."""
    for _ in range(pieces):
        work(folder, visits)
        sync()


class Forger:
    """An enrolled station gone bad: it has its own keys and journal, and no scruples.

    It goes on with its stream where the office stands, and signs what it likes.
    """

    def __init__(self, folder: Path, share_folder: Path) -> None:
        self.here: Installation = models.open_database(folder)
        self.own: Stream = Stream.get_by_id(OWN)
        self.length, self.head = journal.tip()
        self.uses = (self.own.seal_count, self.own.seal_head)
        self.share = share_folder

    def line(self, table: str, payload: dict | bytes, **more) -> batch.Line:
        if isinstance(payload, dict):
            row, revision = payload["uid"], payload["revision"]
            raw = msgspec.json.encode(payload)
        else:
            row, revision, raw = models.uids.new_uid(), 1, payload
        fields = {
            "at": "2026-11-23T10:00:00+08:00",
            "person": "",
            "table": table,
            "row": row,
            "revision": revision,
            "audience": "office",
            "salt": "00" * 16,
            "payload": msgspec.Raw(raw),
        } | more
        return batch.Line(seq=self.length + 1, **fields)

    def publish(self, *lines: batch.Line, header: dict | None = None) -> Path:
        """Put the lines on the share as the next batch, with a consistent chain."""
        head, entries = self.head, []
        for number, line in enumerate(lines, start=self.length + 1):
            line.seq = number
            digest = journal.digest_of(line.salt, bytes(line.payload))
            fields = (line.at, line.person, line.table, line.row, line.revision)
            head = journal.next_hash(head, number, *fields, line.audience, digest)
            entries.append((line.table, head))
        count, seal_head = batch.seal_ledger(*self.uses, entries)
        made = self.header(lines, head, count, seal_head)
        made = msgspec.structs.replace(made, **header or {})
        circle = [self.here.office_recipient]
        data = batch.seal(made, lines, self.here.sign_seed, circle)
        name = batch.file_name(made.first, made.last, data)
        folder = self.share / "up" / self.here.station_uid / self.here.epoch
        share.publish(folder, name, data)
        return folder / name

    def header(self, lines, head: str, count: int, seal_head: str) -> batch.Header:
        request = enrolment.my_request(self.here)
        return batch.Header(
            v=1,
            min_reader=1,
            realm=self.here.realm,
            sender=self.here.station_uid,
            to="office",
            epoch=self.here.epoch,
            first=self.length + 1,
            last=self.length + len(lines),
            prev=self.head,
            head=head,
            count=len(lines),
            digest="",
            key=batch.keys.key_id(request.sign_key),
            followed=batch.Followed(),
            seal_count=count,
            seal_head=seal_head,
            schema=1,
            at="2026-11-23T10:00:00+08:00",
            app="1",
        )


def stored(row) -> dict:
    """A row as a payload holds it."""
    table = table_of(type(row))
    return table.as_stored(table.values_of(row))
