"""附件：用印名单: the students of batches, printed after the ledger and checked too."""

import sys
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from exchange import exchange
from lxml import etree

import models
from exports.ledgers import export_ledger, ledger_by_code, writer
from exports.ledgers.annex import entries_of
from exports.ledgers.checking import check_ledger
from ledgers.records import NOVEMBER, OTHER_SEAL, SEAL, seal_use
from models import Student, clock, db, transaction
from models.seal_uses import record_seal_use

sys.path.insert(0, str(Path(__file__).parents[1] / "ooxml"))
import ooxml_check

SCHEMA = etree.XMLSchema(etree.parse(str(Path(ooxml_check.HERE) / "wml.xsd")))
HEADINGS = ["编号", "印章", "文件名称", "人数", "学号、姓名"]
NAMES = ["王明", "李小雨", "欧阳娜娜", "买买提·艾合买提", "赵一", "钱二", "孙三"]
BATCH = [f"202316002{n}" for n in range(1, len(NAMES) + 1)]


@pytest.fixture
def station(centre):
    """In place of this folder's empty station: the desk of a small centre."""
    models.close_database()
    with clock.set_at(datetime(2026, 11, 23, 10, 30)):
        yield centre


@pytest.fixture
def roster(station):
    """Seven students whom the office knows, and then the desk, which is open."""
    models.open_database(station.office)
    by = models.person_signing_in("B0001")
    students = [
        Student(number=number, name=name)
        for number, name in zip(BATCH, NAMES, strict=True)
    ]
    with transaction():
        Student.write_new(students, by=by)
    exchange(station.office, station.station)


@pytest.fixture
def written(tmp_path):
    """The ledger of seal uses of November, exported."""

    def written(**chosen):
        path = tmp_path / "台账.docx"
        export_ledger(ledger_by_code("seal_uses"), path, **NOVEMBER, **chosen)
        assert ooxml_check.check(path, SCHEMA) == 0
        return path

    return written


def annex_of(path):
    """Rows of the tables behind the ledger's own."""
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(str(path)).tables
    ]
    return [row for table in tables if table[0] == HEADINGS for row in table[1:]]


def edited(path, change):
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return check_ledger(path)


def test_every_student_of_a_batch_is_listed_with_the_name_the_roster_knows(
    roster, written
):
    seal_use(1)
    seal_use(2, students=[*BATCH, "2099999999"])
    seal_use(1, OTHER_SEAL, students=BATCH[:2], document_title="实习协议")
    path = written()
    first, second = annex_of(path)
    assert first[:4] == ["2026-0002", SEAL.name, "在读证明", "8"]
    assert entries_of(first[4]) == [
        *(f"{number} {name}" for number, name in zip(BATCH, NAMES, strict=True)),
        "2099999999",
    ]
    assert second == [
        *("2026-0001", OTHER_SEAL.name, "实习协议", "2"),
        "2023160021 王明\t2023160022 李小雨",
    ]
    lines = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    assert lines[-3:-1] == ["附件：用印名单", "附件完，共 2 份名单。"]
    assert lines[-1].startswith("制表人：")
    assert check_ledger(path).good


def test_a_long_name_takes_two_places_of_its_line(roster, written):
    seal_use(1, students=BATCH)
    ((*_, students),) = annex_of(written())
    assert [line.count("\t") + 1 for line in students.split("\n")] == [4, 3]


def test_a_ledger_without_batches_has_no_annex(roster, written):
    seal_use(1, student_number=BATCH[0])
    seal_use(2, students=BATCH[:1])
    path = written()
    assert len(Document(str(path)).tables) == 1
    assert check_ledger(path).good


def test_only_the_batches_that_were_chosen_are_listed(roster, written):
    seal_use(1, students=BATCH)
    seal_use(1, OTHER_SEAL, students=BATCH)
    (row,) = annex_of(written(seal=SEAL))
    assert row[1] == SEAL.name


def test_a_changed_name_in_a_list_is_named(roster, written):
    seal_use(1, students=BATCH)

    def change(document):
        cell = document.tables[1].rows[1].cells[4]
        cell.text = cell.text.replace("李小雨", "李大雨")

    check = edited(written(), change)
    assert check.faults == [
        "附件：用印名单（编号 2026-0001）第 2 人："
        "打印的是 2023160022 李大雨，记录是 2023160022 李小雨",
        "打印的内容与文件自己的校验码不符：导出后有人改过。",
    ]
    assert (check.cells_agree, check.chain_holds, check.rows_agree) == (
        *(False, True, False),
    )


def test_a_student_put_in_and_a_list_taken_out_are_named(roster, written):
    seal_use(1, students=BATCH)
    seal_use(2, students=BATCH)

    def change(document):
        _, first, second = document.tables[1].rows
        first.cells[4].text += "\t2023169999 张三"
        second._tr.getparent().remove(second._tr)

    faults = edited(written(), change).faults
    assert faults[:2] == [
        "附件：用印名单（编号 2026-0001）第 8 人："
        "打印的是 2023169999 张三，记录是 （无）",
        "附件：用印名单（编号 2026-0002）：记录里有，打印的没有。",
    ]


def test_an_annex_taken_out_is_named(roster, written):
    seal_use(1, students=BATCH)

    def change(document):
        table = document.tables[1]._tbl
        table.getparent().remove(table)

    assert edited(written(), change).faults[0] == (
        "附件：用印名单（编号 2026-0001）：记录里有，打印的没有。"
    )


def test_a_list_changed_past_the_journal_is_named(roster, written):
    seal_use(1, students=BATCH)
    path = written()
    with transaction():
        db.execute_sql(
            "UPDATE seal_use SET students = REPLACE(students, '0022', '0029')"
        )
    assert check_ledger(path).faults == [
        "附件：用印名单（编号 2026-0001）第 2 人："
        "打印的是 2023160022 李小雨，记录是 2023160029"
    ]


def test_a_name_the_roster_corrected_after_the_print_is_no_forgery(
    station, roster, written
):
    seal_use(1, students=BATCH)
    path = written()
    models.open_database(station.office)
    student = Student.get(Student.number == BATCH[0])
    student.name = "王明明"
    with transaction():
        student.write(by=models.person_signing_in("B0001"))
    exchange(station.office, station.station)
    assert check_ledger(path).good
    assert "王明明" in annex_of(written())[0][4]


def test_the_office_checks_the_lists_of_a_desk(station, roster, written):
    record_seal_use(
        by=models.person_signing_in("T001"),
        seal=models.seals()[0],
        applicant="张伟",
        unit="软件2301",
        document_title="实习协议",
        purpose="实习",
        approver="王主任",
        students=BATCH,
    )
    path = written()
    exchange(station.station, station.office)
    check = check_ledger(path)
    assert (check.faults, check.notes, check.rows_agree) == ([], [], True)


def test_an_annex_of_several_tables_is_compared_whole(roster, written, monkeypatch):
    monkeypatch.setattr(writer, "ROWS_PER_TABLE", 3)
    for number in range(1, 9):
        seal_use(number, students=BATCH)
    path = written()
    assert len(annex_of(path)) == 8
    assert check_ledger(path).good

    def change(document):
        document.tables[-1].rows[2].cells[3].text = "9"

    faults = edited(path, change).faults
    assert faults[0] == ("附件：用印名单（编号 2026-0008）“人数”：打印的是 9，记录是 7")
