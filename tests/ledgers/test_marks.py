"""Signs for what was not recorded as it happened, and the note that explains them."""

from datetime import datetime

import pytest
from docx import Document

from exports.ledgers.checking import check_ledger
from exports.ledgers.marks import ESTIMATED, LATE, SYSTEM, note_of
from ledgers.records import attendance, seal_use, step, visit
from models import clock

NOTE = "注：※补录——当时没有登记，事后补登，所记时间是事情发生的时间。"


def test_a_note_explains_the_signs_that_occur_and_only_those(export):
    visit(1, late_entry=True, note="纸质登记")
    visit(2)
    page = export("visits")
    assert [row["备注"] for row in page.rows] == ["※补录；纸质登记", ""]
    assert page.lines[-2] == NOTE and check_ledger(page.result.path).good
    page = export("visits", first=datetime(2026, 11, 24).date())
    assert not any("※" in line for line in page.lines)


def test_a_number_of_a_paper_sheet_that_was_not_used_has_an_estimated_time(export):
    paper = {"late_entry": True, "reservation_uid": "sheet"}
    unused = {"applicant": "", "is_void": True, "void_reason": "未使用"}
    seal_use(1, **paper)
    seal_use(2, **paper, **unused)
    page = export("seal_uses")
    assert [row["备注"] for row in page.rows] == [
        "※补录",
        "※补录；○时间估计；作废：未使用",
    ]
    assert page.lines[-2] == note_of({LATE, ESTIMATED})
    assert check_ledger(page.result.path).good


def test_the_system_signs_out_with_a_sign_after_the_ledgers_own_note(export):
    attendance(method_out="system", needs_approval=True)
    with clock.set_at(datetime(2026, 12, 2, 9, 0)):
        page = export("attendances")
        check = check_ledger(page.result.path)
    assert page.rows[0]["备注"].startswith("△系统代签")
    assert page.lines[-3].startswith("注：工时为")
    assert page.lines[-2] == note_of({SYSTEM}, goes_on=True)
    assert check.good


@pytest.mark.parametrize("code", ["visits", "promises", "referrals"])
def test_a_note_that_is_changed_or_put_in_is_named(code, export):
    case = visit(1, late_entry=True, outcome="promised", finished_at=None)
    step(case, "referred", datetime(2026, 11, 23, 10, 0))
    path = export(code).result.path
    document = Document(str(path))
    line = next(p for p in document.paragraphs if "※补录——" in p.text)
    line.text = "注：※补录——无。"
    document.save(str(path))
    assert check_ledger(path).faults[0].startswith("表下应有“")
    path = export(code, first=datetime(2026, 11, 30).date()).result.path
    document = Document(str(path))
    document.add_paragraph(NOTE)
    document.save(str(path))
    assert check_ledger(path).faults == ["表下解释了“※补录”，表里没有。"]
