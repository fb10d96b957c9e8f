"""What people type or paste, in every ledger: nothing breaks the file or is lost."""

import sys
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from exchange import exchange
from lxml import etree
from peewee import TextField

import models
from exports.ledgers import LEDGERS, Selection, export_ledger
from exports.ledgers.checking import check_ledger
from exports.ledgers.months import MonthLedger
from ledgers.records import (
    NOVEMBER,
    step,
    write,
)
from models import Attendance, Handover, Seal, SealUse, Visit, clock
from models.base import DayField, MomentField
from models.bookings import Booking
from models.catalogue import CatalogueChange
from models.corrections import Correction
from models.custody import SealTransfer
from models.disposals import SealDisposal
from models.loans import Loan
from models.outings import SealOuting

sys.path.insert(0, str(Path(__file__).parents[1] / "ooxml"))
import ooxml_check

SCHEMA = etree.XMLSchema(etree.parse(str(Path(ooxml_check.HERE) / "wml.xsd")))
MOMENT = datetime(2026, 11, 23, 9, 0)
DECEMBER = datetime(2026, 12, 2, 9, 0)

# Each between two words that must stay where they are, in this order.
PIECES = {
    "markup": "<w:t>&amp; ]]> <!-- \"'</w:t>",
    "formats": "%s %d {0} \\n =1+1",
    "lines": "一\r\n二\r三\n四",
    "tabs": "五\t六",
    "controls": "七\x01\x08\x0b\x0c\x1b八",
    "separators": "九\x1e\x1f十",
    "emoji": "😀👨‍👩‍👧🏫",
    "rare": "𠮷𬭸䶮\U000e0100",
    "override": "\u202e倒过来\u202c",
    "isolate": "\u2067买买提\u2069",
    "unclosed": "\u202d\u2068没关上",
    "uyghur": "ئابدۇرېھىم محمد",
    "invisible": "零\u200b\u200d\u200f\ufeff\u00ad宽",
    "blanks": " 　前后\u2028 ",
}
TEXT = "".join(f"甲{piece}乙" for piece in PIECES.values())
LONG = TEXT + "长" * 5000

# Texts that a program reads: what they may hold is not up to people.
CODES = {
    *("number", "kind", "channel", "outcome", "status", "state", "post", "station"),
    *("service_kind", "repeat_cause", "rated_by", "method_in", "method_out"),
    *("cover_reason", "shift_key", "ledger_station", "corrects_number"),
    *("follows_number", "visit_number"),
}


def as_it_can_be_printed(text):
    """XML 1.0, section 2.2, and without what turns the direction of writing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    turning = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and ord(c) not in turning)
    )


def texts_of(model, **fields):
    """What a record cannot lack, TEXT in all that people type, and those of *fields*
    that it has."""
    found = {}
    for name, field in model._meta.fields.items():
        if type(field) is TextField and name not in CODES and not name.endswith("uid"):
            found[name] = LONG if name in ("note", "before") else TEXT
        elif not field.null and field.default is None:
            found[name] = "x" if isinstance(field, TextField) else 1
        if isinstance(field, MomentField):
            found[name] = MOMENT
        elif isinstance(field, DayField):
            found[name] = MOMENT.date()
    known = fields.keys() & model._meta.fields.keys()
    return found | {name: fields[name] for name in known}


@pytest.fixture
def station(centre):
    """In place of this folder's empty station: the desk of a small centre."""
    models.close_database()
    with clock.set_at(datetime(2026, 11, 23, 10, 30)):
        yield centre


@pytest.fixture
def everything(station):
    """A record of each kind; every text that people type in them is TEXT."""
    models.open_database(station.office)
    of_desk = {"desk_uid": models.desk_by_code("jiaowu").uid, "cover_for_uid": "x"}
    write(Seal(**texts_of(Seal, **of_desk)))
    write(SealDisposal(**texts_of(SealDisposal, kind="stopped")))
    write(CatalogueChange(**texts_of(CatalogueChange, kind="desk", **of_desk)))
    exchange(station.office, station.station)
    case = write(Visit(**texts_of(Visit, outcome="promised", **of_desk)))
    step(case, "referred", MOMENT, TEXT)
    write(SealUse(**texts_of(SealUse, year=2026, number=1, late_entry=True)))
    shifts = (Attendance, Correction, Handover)
    for model in (*shifts, SealTransfer, SealOuting, Loan, Booking):
        write(model(**texts_of(model, **of_desk)))


def cells_of(path):
    return [
        [cell.text for cell in row.cells]
        for table in Document(str(path)).tables
        for row in table.rows
    ]


# Written there; and those that show no remarks of people.
OF_THE_OFFICE = {"seal_register", "seal_disposals", "catalogue_changes"}
WITHOUT_NOTES = {"corrections", "referrals"}

# Those of a month are reckoned at the office from what is tested here.
RECORDED = [book for book in LEDGERS if not isinstance(book, MonthLedger)]


@pytest.mark.parametrize("book", RECORDED, ids=lambda book: book.code)
def test_whatever_was_typed_stands_in_the_ledger_and_agrees(
    book, station, everything, tmp_path
):
    if book.code in OF_THE_OFFICE:
        models.open_database(station.office)
    path = tmp_path / "台账.docx"
    with clock.set_at(DECEMBER):
        export_ledger(book, path, **NOVEMBER)
        assert ooxml_check.check(path, SCHEMA) == 0
        check = check_ledger(path)
        recorded = [
            [as_it_can_be_printed(text) for text in row]
            for row in book.read(Selection(**NOVEMBER)).lines
        ]
    assert check.good and check.rows == len(recorded) > 0
    cells = cells_of(path)
    assert [row for row in cells if row in recorded] == recorded
    whole = "\x00".join(text for row in cells for text in row)
    assert as_it_can_be_printed(TEXT) in whole
    if book.code not in WITHOUT_NOTES:
        assert as_it_can_be_printed(LONG) in whole
