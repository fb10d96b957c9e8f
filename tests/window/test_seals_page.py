"""用印: a refusal keeps what was typed."""

import pytest

from models.people import person_signing_in
from models.seal_uses import SealUse


@pytest.fixture
def seals(at_work, drive):
    at_work.show("seals")
    drive.pump()
    for name, value in {
        "applicant": "王家长",
        "unit": "软件2401",
        "document_title": "在读证明",
        "purpose": "申请贷款",
        "approver": "陈老师",
        "document_number": "教〔2026〕7 号",
        "note": "加急",
    }.items():
        at_work.page.form.set(name, value)
    return at_work.page


def test_who_may_not_seal_is_told_before_filling_in(at_work, drive):
    at_work.sign_in(person_signing_in("2023010101"))
    at_work.show("seals")
    locked = at_work.page.form.widget("locked")
    assert "李老师保管，只有保管人可以登记用印" in locked.cget("text")
    assert locked.winfo_manager()
    at_work.sign_in(person_signing_in("T001"))
    at_work.show("seals")
    assert not locked.winfo_manager()


def test_a_refusal_keeps_everything_typed(seals, shown):
    seals.form.set("students", "2024030101、2024030102")
    shown.answers = ["材料不全"]
    seals.refuse_button.invoke()
    use = SealUse.get()
    assert use.refused_reason == "材料不全"
    assert (use.purpose, use.approver) == ("申请贷款", "陈老师")
    assert (use.document_number, use.note) == ("教〔2026〕7 号", "加急")
    assert use.students == ["2024030101", "2024030102"]


@pytest.mark.parametrize("typed", ["软件2401全班", "2024030101 张三", "two"])
def test_a_list_of_students_takes_numbers_only(seals, drive, typed):
    seals.form.set("students", typed)
    seals.save_button.invoke()
    assert "学生名单请填学号" in seals.form.problems()[0]
    assert seals.window.root.focus_get() is seals.form.widget("students").entry
    assert SealUse.select().count() == 0
