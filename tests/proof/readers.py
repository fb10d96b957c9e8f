"""Every reader of a file from outside, each with a real one that it reads."""

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import zstandard
from exchange import exchange, work
from smallcentre import Centre, found_small_centre

import models
from desk.settings import FILE as SETTINGS
from desk.settings import Settings, load_settings, save_settings
from exports import backup
from exports.ledgers import export_ledger, ledger_by_code
from exports.ledgers.checking import check_ledger
from exports.roster import read_roster, sheets_of
from exports.slips import check_template
from exports.sync import batch, enrolment, keys, officekeys, receipts, share
from exports.timetables import read_timetables
from models import clock, journal, keyslots, keystore, papercode
from models.base import db
from models.installation import installation
from models.journal import OWN, Stream
from models.slip_templates import SlipKind

SAMPLES = Path(__file__).parent.parent / "samples"
TEMPLATES = Path(__file__).parents[2] / "exports" / "templates"
PASSPHRASE = "青山 铁锅 灯塔 走廊 三七"


class Reader(NamedTuple):
    """One reader: a real file, what reads it, and what it answers to the true one."""

    name: str
    data: bytes
    read: Callable[[bytes], Any]
    exact: bool  # altered content must not be taken
    share: int = 10  # how often, among all


class Accepted(AssertionError):
    """Altered content was taken."""


class Bench:
    """A small centre with something of everything to be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        os.environ["XDG_STATE_HOME"] = str(root / "state")
        found_small_centre(root)
        centre = Centre(root)
        self.office, self.station = centre.office, centre.station
        centre.find_share()
        work(self.station, 3)
        exchange(self.station, self.office, self.station)
        self.here = installation()
        self.scratch = root / "read"
        self.scratch.mkdir()

    def readers(self) -> list[Reader]:
        return [
            *self._of_sync(),
            *self._of_keys(),
            *self._of_tables(),
            *self._of_papers(),
        ]

    def _file(self, name: str, data: bytes) -> Path:
        path = self.scratch / name
        path.write_bytes(data)
        return path

    def _of_sync(self) -> Iterator[Reader]:
        here = self.here
        up = self.root / "share" / "up" / here.station_uid / here.epoch
        path = min(up.iterdir())
        true, mine = path.read_bytes(), enrolment.my_request(here)
        first, last = batch.range_of(path.name)

        def opened(data: bytes, name: str = "") -> Any:
            name = name or batch.file_name(first, last, data)
            return batch.open_batch(
                name, data, sign_key=mine.sign_key, age_identity=here.age_identity
            )

        yield Reader("batch", true, opened, True, 60)
        yield Reader("batch name", true, lambda d: opened(d, path.name), True, 10)
        cipher = true.split(b"\n", 3)[3]
        plain = batch._unpack(keys.decrypt(cipher, here.age_identity))
        header = opened(true).header

        def signed(packed: bytes) -> None:
            """Its writer signs what it likes: it may be read, it must not crash."""
            sealed = keys.encrypt(packed, [mine.recipient])
            digest = hashlib.sha256(sealed).hexdigest()
            head = msgspec.json.encode(msgspec.structs.replace(header, digest=digest))
            signature = keys.sign(here.sign_seed, b"desk-batch-1\0" + head)
            opened(b"\n".join([batch.MAGIC[:-1], head, signature.encode(), sealed]))

        packer = zstandard.ZstdCompressor()
        yield Reader("inside", plain, lambda d: signed(packer.compress(d)), False, 40)
        yield Reader("frame", packer.compress(plain), signed, False, 20)

        def with_header(head: bytes) -> None:
            signature = keys.sign(here.sign_seed, b"desk-batch-1\0" + head)
            opened(b"\n".join([batch.MAGIC[:-1], head, signature.encode(), cipher]))

        yield Reader("header", true.split(b"\n")[1], with_header, False, 20)
        marker = (self.root / "share" / share.MARKER).read_bytes()
        apart = self.root / "marked"
        apart.mkdir()

        def marked(data: bytes) -> Any:
            (apart / share.MARKER).write_bytes(data)
            return share.read_marker(apart)

        yield Reader("marker", marker, marked, True)
        request = next((self.root / "share" / "enrol").iterdir()).read_bytes()
        yield Reader("request", request, enrolment._read_request, True)
        yield Reader("receipt", self._receipt(), self._take_receipt, False)

    def _receipt(self) -> bytes:
        inbox = receipts.inbox_of(self.here)
        (payload,) = db.execute_sql(
            "SELECT payload FROM journal WHERE stream = ? AND table_name = 'receipt' "
            "ORDER BY seq DESC",
            (inbox.id if inbox else 0,),
        ).fetchone()
        return payload.encode()

    def _take_receipt(self, data: bytes) -> None:
        """The newest thing the office said; what follows is taken back."""
        text = data.decode()  # what is not text never came into the journal
        here = models.open_database(self.station)
        with db.atomic() as everything:
            inbox = receipts.inbox_of(here)
            assert inbox is not None
            db.execute_sql("DROP TRIGGER IF EXISTS journal_no_update")
            entry = (inbox.id, inbox.upto + 1, "2026", "", "receipt", "0" * 32, 1)
            rest = (here.station_uid, "0" * 32, text, "0" * 64, "0" * 64)
            db.execute_sql(journal.insert_sql(), (*entry, *rest))
            inbox.upto += 1
            inbox.save()
            tip = journal.tip()
            receipts.take_receipts(here, inbox)
            own = Stream.get_by_id(OWN)
            everything.rollback()
        if own.confirmed_upto > tip[0]:
            raise Accepted(f"{own.confirmed_upto} of {tip[0]} confirmed")

    def _of_keys(self) -> Iterator[Reader]:
        recovery = self.root / "recovery.key"
        key = keystore.key_of(self.station)
        by_recovery = keyslots.slot_of(self.station, keyslots.RECOVERY) or b""
        yield Reader(
            "recovery slot",
            by_recovery,
            lambda d: keyslots.open_with_recovery(d, recovery),
            True,
        )
        code = papercode.new_code()
        by_code = keyslots.seal_to_code(key, code)
        read = lambda d: keyslots.open_with_code(d, code)  # noqa: E731 one line
        yield Reader("code slot", by_code, read, True, 1)
        yield Reader(
            "recovery key",
            recovery.read_bytes(),
            lambda d: keyslots.open_with_recovery(by_recovery, self._file("k", d)),
            True,
        )
        models.open_database(self.office)
        stick = officekeys._keys_of(installation())
        plain = msgspec.json.encode(stick)
        sealed = officekeys.MAGIC + keys.encrypt_by_passphrase(plain, PASSPHRASE)
        name = officekeys.file_name()
        yield Reader(
            "office keys",
            sealed,
            lambda d: officekeys.read_office_keys(self._file(name, d), PASSPHRASE),
            True,
            1,
        )
        models.open_database(self.station)
        made = backup.make_backup(self.root / "stick").path

        def from_backup(data: bytes) -> Any:
            path = self._file(made.name, data)
            return backup.open_backup(path, self.station).facts

        yield Reader("backup", made.read_bytes(), from_backup, True, 5)

    def _of_tables(self) -> Iterator[Reader]:
        for name in ("roster.xlsx", "roster.xls", "roster.csv"):
            read = self._reading(name, read_roster)
            yield Reader(name, (SAMPLES / name).read_bytes(), read, False)
        sheets = self._reading("sheets.xlsx", sheets_of)
        yield Reader("sheets", (SAMPLES / "roster.xlsx").read_bytes(), sheets, False, 5)
        for name in ("timetable.xlsx", "timetable.csv"):
            read = self._reading(name, read_timetables)
            yield Reader(name, (SAMPLES / name).read_bytes(), read, False)
        folder = self.root / "settings"
        save_settings(folder, Settings(zoom=150))

        def settings(data: bytes) -> None:
            (folder / SETTINGS).write_bytes(data)
            kept = load_settings(folder)
            usual = Settings()
            for field in Settings.__dataclass_fields__:
                if type(getattr(kept, field)) is not type(getattr(usual, field)):
                    raise Accepted(f"{field} is {getattr(kept, field)!r}")

        yield Reader("settings", (folder / SETTINGS).read_bytes(), settings, False)

    def _reading(self, name: str, read: Callable[[Path], Any]) -> Callable:
        return lambda data: read(self._file(name, data))

    def _of_papers(self) -> Iterator[Reader]:
        for kind in (SlipKind.NOTICE,):
            data = (TEMPLATES / f"{kind.value}.docx").read_bytes()
            yield Reader(
                "slip template", data, lambda d, k=kind: check_template(d, k), False, 5
            )
        models.open_database(self.station)
        day = clock.today()
        made = export_ledger(
            ledger_by_code("visits"),
            self.root / "来访.docx",
            first=day - timedelta(days=3),
            last=day,
        ).path

        def checked(data: bytes) -> Any:
            models.open_database(self.station)
            found = check_ledger(self._file("台账.docx", data))
            return _body_of(data) if found.good else None

        yield Reader("ledger", made.read_bytes(), checked, True, 3)


def _body_of(data: bytes) -> str:
    """What a reader of the paper sees in its table."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read("word/document.xml").decode("utf-8", "replace")
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", text))
