"""排班: a plan made, checked and submitted in the real window, by real keys."""

import json

import pytest
from planspage import A, focus, type_shift, warned

from desk.pages.plans import PlansPage
from models.drafts import drafts
from models.errors import UserError
from models.people import person_signing_in
from models.plans import ShiftPlan


def test_a_plan_is_made_checked_and_submitted_by_keys_alone(drafting, drive, shown):
    page = drafting
    assert focus(page) is page.week.grid_.body
    drive.keys("n")
    assert page.card == "shift"
    type_shift(page, drive, "0830", "1000", "zxm")  # 张小明, in class until 09:40
    assert [s["a"]["name"] for s in page.plan.shifts] == ["张小明"]
    (text,) = warned(page, "clash")
    assert text == "周一 08:30–10:00 A 岗张小明有课：周一 1–2节 数学"
    assert page.week.grid_.block.is_doubtful and "有课" in page.week.detail.cget("text")

    drive.keys("Right", "Insert")
    type_shift(page, drive, "0830", "1000", "wf", "sl", "zxm")
    second = page.plan.shifts[1]
    assert (second["weekday"], second["a"]["name"]) == (1, "王芳")
    assert [one["name"] for one in second["b"]] == ["孙丽", "张小明"]
    assert page.has_unsaved and "未保存" in page.week.heading.cget("text")
    assert ShiftPlan.get().shifts == []

    drive.keys("ctrl+s")
    drive.wait_until(lambda: not page.has_unsaved, "saving")
    assert len(ShiftPlan.get().shifts) == 2
    shown.answers = [True]
    drive.keys("ctrl+r")
    drive.wait_until(lambda: not ShiftPlan.get().is_draft, "the submission")
    assert "条提醒" in shown[0]
    assert page.listed.state == "已报送待备案"
    assert page.card == "fact"


# -- who is free -----------------------------------------------------------------


def test_who_is_free_comes_first_and_who_has_a_class_says_which(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.set("from", "08:30")
    card.set("to", "10:00")
    card.focus_field("a")
    drive.keys("Down")
    drive.wait_until(lambda: card.widget("a").is_open, "the list")
    lines = card.widget("a").listbox.get(0, "end")
    assert [line.split()[0] for line in lines] == ["王芳", "孙丽", "张小明"]
    assert "空闲，还可排 8 小时" in lines[0]
    assert "周一 1–2节 数学" in lines[2]


def test_several_b_are_picked_and_taken_out_again_by_keys(drafting, drive):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    card = page.cards["shift"]
    card.focus_field("b")
    for typed in ("wf", "sl"):
        drive.typing(typed)
        drive.pump(0.3)
        drive.keys("Return")
        drive.pump(0.1)
    assert card.value("others") == "王芳、孙丽"
    drive.typing("wf")  # picked again: out
    drive.pump(0.3)
    drive.keys("Return")
    drive.pump(0.1)
    assert card.value("others") == "孙丽"
    drive.keys("BackSpace")
    assert card.value("others") == "（还没有 B 岗）"


# -- nothing is lost -------------------------------------------------------------


def test_unsaved_edits_outlive_other_pages_other_plans_and_a_lock(planned, drive):
    page, window = planned, planned.window
    page.cards["plan"].set("note", "给办公室的话")
    uid = page.listed.uid
    drive.keys("F2")
    assert "未保存的修改" in window.status.text
    drive.keys("ctrl+F6")
    assert page.plan.shifts and page.cards["plan"].text("note") == "给办公室的话"
    page.on_new()
    page.cards["new"].set("like", "empty")
    page.cards["new"].submit()
    drive.pump(0.2)
    assert page.listed.uid != uid and page.plan.shifts == []
    page._choose(uid)
    drive.pump(0.2)
    assert len(page.plan.shifts) == 3 and page.has_unsaved
    assert page.cards["plan"].text("note") == "给办公室的话"
    window.lock()
    window.sign_in(person_signing_in("T001"))
    window.show("plans")
    drive.pump(0.2)
    assert page.listed.uid == uid
    page.cards["plan"].submit()
    saved = ShiftPlan.get_by_id(uid)
    assert (len(saved.shifts), saved.note) == (3, "给办公室的话")
    assert not page.has_unsaved


def test_unsaved_edits_and_a_half_typed_shift_are_kept_for_the_next_start(
    planned, drive, shown
):
    page, window = planned, planned.window
    uid, removed = page.listed.uid, page.plan.shifts[0]["key"]
    shown.answers = [True]
    page._remove(removed)
    page.cards["plan"].widget("note").insert(0, "给办公室的话")
    page._add_line(2, 14 * 60)
    card = page.cards["shift"]
    card.widget("from").delete(0, "end")
    card.widget("from").insert(0, "1410")
    card._others = [{"uid": "x", "number": "9", "name": "已离岗的人"}]
    window.show("visits")
    assert window.may_close() and len(shown) == 1  # nothing but the removal is asked
    (kept,) = [json.loads(d.payload) for d in drafts() if d.place == "plans"]

    again = PlansPage(window.content, window)
    again.refresh()
    again.bring_draft(kept)
    assert json.loads(json.dumps(again.draft())) == kept
    assert again.listed.uid == uid and again.card == "shift" and again.has_unsaved
    assert removed not in [shift["key"] for shift in again.plan.shifts]
    assert again.cards["shift"].text("from") == "1410"
    assert again.cards["shift"].value("others") == "已离岗的人"
    again._show_plan()
    assert again.cards["plan"].text("note") == "给办公室的话"
    again.destroy()


def test_a_half_typed_shift_survives_another_page(drafting, drive, shown):
    page = drafting
    drive.keys("n")
    drive.pump(0.1)
    page.cards["shift"].set("from", "09:15")
    drive.keys("F2", "ctrl+F6")
    assert page.card == "shift" and page.cards["shift"].text("from") == "09:15"
    shown.answers = [False]
    drive.keys("Escape")
    assert page.card == "shift" and "放弃" in shown[0]


def test_giving_up_shows_the_draft_as_it_was_saved(planned, drive, shown):
    shown.answers = [True]
    planned.cards["plan"].revert_button.invoke()
    drive.pump(0.2)
    assert planned.plan.shifts == [] and not planned.has_unsaved


# -- who may ---------------------------------------------------------------------


def test_an_assistant_sees_a_draft_and_changes_nothing(planned, drive):
    page, window = planned, planned.window
    page.cards["plan"].submit()
    window.lock()
    window.sign_in(person_signing_in(A))
    window.show("plans")
    drive.pump(0.3)
    page.week.grid_.focus_set()
    drive.keys("n")
    assert "本部门的老师" in window.info.text and page.card == "plan"
    with pytest.raises(UserError, match="本部门的老师"):
        page.cards["plan"].submit()
