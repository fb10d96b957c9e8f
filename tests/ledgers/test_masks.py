"""Phone and student numbers: what is hidden, for whom, and that it can be checked."""

import pytest
from docx import Document
from exchange import exchange

import models
from exports.ledgers import LEDGERS, Selection, export_ledger, ledger_by_code
from exports.ledgers.annex import entries_of
from exports.ledgers.cells import CELL
from exports.ledgers.checking import check_ledger
from exports.ledgers.masks import mask_name, mask_number, mask_phone
from exports.ledgers.viewing import view_ledger
from ledgers.records import NOVEMBER, attendance, seal_use, step, visit, write
from ledgers.test_annex import BATCH, roster, station  # noqa: F401 -- fixtures
from models import Person, PersonRole, Visit
from models.loans import Loan
from models.masking import must_mask

PHONE, NUMBER = "13812345678", "2023160021"
TEACHER = Person(uid="t", number="J003", name="何老师", role=PersonRole.TEACHER)
ASSISTANT = Person(uid="a", number="2024001001", name="李雨桐")


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_phone, PHONE, "138****5678"),
        (mask_phone, "张三\n138 1234-5678", "张三\n138 ****-5678"),
        (mask_phone, f"{PHONE}/13900002222", "138****5678/139****2222"),
        (mask_phone, "+8613812345678（母）", "+86138****5678（母）"),
        (mask_phone, "0512-58290000", "0512-****0000"),
        (mask_phone, "665544", "****44"),
        (mask_phone, "", ""),
        (mask_number, "2023160017", "2023****17"),
        (mask_number, "张三\n2023160017", "张三\n2023****17"),
        (mask_number, f"{NUMBER}\n等 8 人\n见附件", "2023****21\n等 8 人\n见附件"),
        (mask_number, "S2301017", "S230**17"),
        (mask_name, "张三", "张*"),
    ],
)
def test_numbers_keep_what_people_know_them_by(mask, text, masked):
    assert mask(text) == masked


def test_assistants_are_masked_always_and_others_choose():
    office = Person(role=PersonRole.OFFICE)
    assert must_mask(ASSISTANT) and not must_mask(TEACHER) and not must_mask(office)
    assert must_mask(Person(role="newest"))


@pytest.fixture
def numbers(roster):  # noqa: F811 -- a fixture
    """Phone and number in each place where people put them."""
    case = visit(
        1,
        outcome="promised",
        finished_at=None,
        desk_uid=models.this_desk().uid,
        phone=PHONE,
        student_number=NUMBER,
        note=f"家长 138-1234-5678，室友{BATCH[1]}代取，20261123 再来",
        result=f"已电话告知{PHONE}",
    )
    step(case, "referred", case.arrived_at, f"联系人{PHONE}（学号{BATCH[2]}）")
    seal_use(1, students=BATCH, note=f"{NUMBER}领")
    seal_use(2, student_number=NUMBER, purpose=f"寄给{PHONE}")
    attendance(person_number=NUMBER, note=f"替{BATCH[3]}签")
    fields = {"what": "音箱", "purpose": "晚会", "approver": "王主任"}
    moment = case.arrived_at
    write(
        Loan(
            **fields,
            number="WZ20261123-001",
            student_number=NUMBER,
            borrower_name="张三",
            phone=PHONE,
            lender_uid="a",
            lender_name="李雨桐",
            lent_at=moment,
            due_back_on=moment.date(),
            desk_uid="d",
            desk_name="窗口",
            department_uid="d",
            department_name="部门",
        )
    )


SHOWN = ["visits", "promises", "referrals", "seal_uses", "attendances", "loans"]


@pytest.mark.parametrize("code", SHOWN)
def test_no_whole_number_leaves_the_desk_masked_and_the_print_agrees(
    code, numbers, tmp_path
):
    path, book = tmp_path / "台账.docx", ledger_by_code(code)
    export_ledger(book, path, **NOVEMBER, person=ASSISTANT)
    document = Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    whole = "\n".join([*cells, *(line.text for line in document.paragraphs)])
    for number in (PHONE, "138-1234-5678", *BATCH):
        assert number not in whole
    assert "2023****21" in whole or "138****5678" in whole
    assert document.paragraphs[2].text.endswith("（电话、学号已隐去部分数字）")
    check = check_ledger(path)
    assert check.faults == [] and check.cells_agree
    if code != "attendances":  # of days that are not over
        assert check.good and "隐去的数字没有印出来" in check.notes[-1]
    shown = view_ledger(book, Selection(**NOVEMBER, masked=True)).rows
    printed = [CELL.join(row) for row in book.read(Selection(**NOVEMBER)).lines]
    assert all(CELL.join(row.cells) not in printed for row in shown)
    assert not any(NUMBER in CELL.join(row.cells) for row in shown)


def test_numbers_of_records_and_days_stay_and_teachers_print_all(numbers, tmp_path):
    path = tmp_path / "台账.docx"
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER, person=ASSISTANT)
    row = [cell.text for cell in Document(str(path)).tables[0].rows[1].cells]
    assert row[0] == "JW20261123-001" and "20261123 再来" in row[-1]
    assert "家长 138-****-5678，室友2023****22代取" in row[-1]
    export_ledger(ledger_by_code("seal_uses"), path, **NOVEMBER, person=ASSISTANT)
    document = Document(str(path))
    entries = entries_of(document.tables[1].rows[1].cells[4].text)
    assert entries[0] == "2023****21 王明"
    assert "2026年第 0001–0002 号" in document.paragraphs[2].text.replace(" 年", "年")
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER, person=TEACHER)
    document = Document(str(path))
    assert PHONE in document.tables[0].rows[1].cells[6].text
    assert "隐去" not in document.paragraphs[2].text
    worker = Person(uid="a", number=NUMBER, name="李雨桐")
    export_ledger(
        ledger_by_code("attendances"), path, **NOVEMBER, worker=worker, masked=True
    )
    assert "（2023****21）" in Document(str(path)).paragraphs[2].text


def test_a_changed_cell_of_a_masked_print_is_named(numbers, tmp_path):
    path = tmp_path / "台账.docx"
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER, masked=True)
    document = Document(str(path))
    document.tables[0].rows[1].cells[6].text = "139****5678"
    document.save(str(path))
    assert check_ledger(path).faults[0] == (
        "第 1 行（编号 JW20261123-001）“电话”：打印的是 139****5678，记录是 138****5678"
    )


def test_a_number_changed_under_its_stars_after_the_print_is_no_forgery(
    numbers, tmp_path
):
    path = tmp_path / "台账.docx"
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER, masked=True)
    record = Visit.get()
    record.phone = "13899995678"
    write(record)
    check = check_ledger(path)
    assert check.good and check.later == []


@pytest.mark.parametrize("book", LEDGERS, ids=lambda book: book.code)
def test_rows_are_told_apart_by_more_than_what_is_masked(book):
    """A name stays, and a day or a number of the record stands beside it."""
    chosen = Selection(**NOVEMBER, recorder="")
    masked = {c.heading for c in book.columns_of(chosen) if c.mask}
    assert set(book.key) - masked


def test_the_shape_of_the_rosters_numbers_is_known(station, tmp_path):  # noqa: F811
    models.open_database(station.office)
    student = models.Student(number="S23A0017", name="王明")
    with models.transaction():
        models.Student.write_new([student], by=models.person_signing_in("B0001"))
    exchange(station.office, station.station)
    visit(1, note="同学S23A0099陪同，见JW20261101-007")
    path = tmp_path / "台账.docx"
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER, masked=True)
    row = [cell.text for cell in Document(str(path)).tables[0].rows[1].cells]
    assert row[-1] == "同学S23A**99陪同，见JW20261101-007"
    assert check_ledger(path).good
