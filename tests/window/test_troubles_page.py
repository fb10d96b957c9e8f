"""同步问题 and 个人信息 in the real window."""

import msgspec
import pytest

from desk import dialogs
from desk.pages.troublerows import open_rows, settled_rows
from models import clock, transaction
from models.base import table_of
from models.erasure import GONE, Erasure
from models.people import person_signing_in
from models.retention import SUGGESTED, retention_on
from models.settling import Settlement, settlements
from models.students import Student
from models.troubles import Conflict, quarantine
from models.visits import Visit

ASSISTANT = "2023010101"
PATH = "down/all/0001aaaaaaaaaaaa/0000000003-0000000009-abcdef0123456789abcdef01.batch"


@pytest.fixture
def troubled(at_work, drive):
    """At the desk: a bad file of the office, and a visit said otherwise."""
    at_work.page.on_add_enquiry()
    visit, table = Visit.get(), table_of(Visit)
    other = table.as_stored(table.values_of(visit)) | {"result": "另一种结果"}
    with transaction():
        quarantine(PATH, "没有复制完整", 2_048)
        Conflict.create(
            sender=visit.station,
            epoch="0001aaaaaaaaaaaa",
            seq=9,
            table_name="visit",
            row_uid=visit.uid,
            reason="同一条记录的同一版次内容不同",
            line=msgspec.json.encode({"payload": other}).decode(),
        )
    return at_work


def test_the_page_is_calm_when_nothing_is_wrong(at_work, drive):
    at_work.show("troubles")
    drive.pump()
    page = at_work.page
    assert "没有需要处理的同步问题" in page.table._empty_text.cget("text")
    assert str(page.settle_button.cget("state")) == "disabled"
    page.on_other_view()
    assert "还没有处理过" in page.table._empty_text.cget("text")


def test_an_assistant_looks_and_a_teacher_settles(troubled, drive):
    window = troubled
    window.sign_in(person_signing_in(ASSISTANT))
    window.show("troubles")
    drive.pump()
    page, status = window.page, window.status.sync
    assert page.heading.cget("text") == "待处理 2 项"
    drive.wait_until(lambda: "2 项待处理" in status.cget("text"), "the count")
    assert str(page.settle_button.cget("state")) == "disabled"
    assert "老师" in page.form.widget("why_not").said
    window.sign_in(person_signing_in("T001"))
    window.show("troubles")
    drive.pump()
    rows = {row.kind: row for row in open_rows()}
    page.mark(rows["conflict"])
    drive.pump()
    assert page.pairs_heading.cget("text") == "两份内容对照：1 栏不同"
    first = page.pairs.tree.item(page.pairs.tree.get_children()[0], "values")
    assert first[:2] == ("≠", "办理结果") and first[3] == "另一种结果"
    page.form.set("choice", "adopt")
    page.settle_button.invoke()  # without a reason
    drive.pump()
    assert Settlement.select().count() == 0
    page.form.set("reason", "问过经办人")
    page.settle_button.invoke()
    drive.pump()
    assert Visit.get().result == "另一种结果" and Visit.get().revision == 2
    page.mark(rows["file"])
    drive.pump()
    assert page.form.widget("size").said == "2.0 KB"
    assert page.form.widget("station").said == "中心办公室"
    assert page.form.value("choice") == "reread"
    page.form.set("reason", "再读一次")
    page.on_save()
    drive.pump()
    assert page.heading.cget("text") == "待处理 0 项"
    drive.wait_until(lambda: "待处理" not in status.cget("text"), "nothing left")
    assert [said.choice for said in settlements()] == ["reread", "adopt"]
    page.on_other_view()
    drive.pump()
    shown = [row.settled for row in settled_rows()]
    assert len(shown) == page.table.count == 2
    assert all("李老师" in text for text in shown)


def test_the_office_erases_a_student_and_sets_periods(at_office, drive, monkeypatch):
    asked = []
    monkeypatch.setattr(
        dialogs, "confirm", lambda parent, text, **more: asked.append(text) or True
    )
    at_office.show("privacy")
    drive.pump()
    page = at_office.page
    assert "什么都不自动删除" in page.note.said
    student = Student.select().first()
    page.form.set("number", student.number)
    page.erase_button.invoke()
    drive.pump()
    assert Erasure.select().count() == 0  # nobody said why
    page.form.set("reason", "本人申请")
    page.erase_button.invoke()
    drive.pump()
    assert Student.get_by_id(student.uid).name == GONE
    assert page.heading.cget("text") == "删除记录 1 次"
    page.on_count()
    assert "没有。没有删除" in at_office.status.text
    page.on_suggest()
    page.on_save()
    drive.pump()
    rules = retention_on(clock.today())
    assert {name: getattr(rules, name) for name in SUGGESTED} == SUGGESTED
    assert "自动删除" in asked[-1] and "按下面的天数" in page.note.said
