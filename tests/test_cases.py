from datetime import date, datetime, timedelta

import pytest
from elsewhere import other_desk, step_there, stored, visit_there

import models
from models import CaseStatus, StepKind, UserError, Visit, VisitOutcome, clock
from models.base import db

MONDAY = datetime(2026, 11, 23, 9)


@pytest.fixture
def visit(assistant, service):
    """A case with a promise of five working days, until 30 November."""
    with clock.set_at(MONDAY):
        yield models.record_visit(
            by=assistant,
            service=service,
            outcome=VisitOutcome.PROMISED,
            visitor_name="张伟",
            student=models.student_by_number("2023110001"),
        )


def uids(cases):
    return [getattr(case, "visit", case).uid for case in cases]


def test_a_promise_is_kept_put_off_with_a_reason_or_not_at_all(visit, assistant):
    extend = models.extend_case
    with pytest.raises(UserError, match="延期原因") as refused:
        extend(visit, by=assistant, note=" ", due_on=date(2026, 12, 4))
    assert refused.value.field == "note"
    for day in (date(2026, 11, 30), date(2026, 11, 20)):
        with pytest.raises(UserError, match="晚于现在的应办结日 2026-11-30"):
            extend(visit, by=assistant, note="等学院盖章", due_on=day)
    extend(visit, by=assistant, note="等学院盖章", due_on=date(2026, 12, 4))
    case = models.case_of(visit)
    assert (case.due_on, case.extensions) == (date(2026, 12, 4), 1)
    assert Visit.get_by_id(visit.uid).due_on == date(2026, 11, 30)  # as first told


def test_while_the_student_is_waited_for_nothing_is_put_off(visit, assistant):
    with pytest.raises(UserError, match="没有在等材料"):
        models.resume_case(visit, by=assistant)
    models.pause_case(visit, by=assistant, note="缺成绩单")
    with pytest.raises(UserError, match="材料齐全后再延期"):
        models.extend_case(visit, by=assistant, note="忙", due_on=date(2026, 12, 4))
    with pytest.raises(UserError, match="已经在等材料"):
        models.pause_case(visit, by=assistant, note="还缺照片")
    models.note_progress(visit, by=assistant, note="已电话催办")
    with pytest.raises(UserError, match="更晚的日期请写明原因"):
        models.resume_case(visit, by=assistant, due_on=date(2026, 12, 10))
    models.resume_case(visit, by=assistant, note="补评审", due_on=date(2026, 12, 10))
    assert models.case_of(visit).due_on == date(2026, 12, 10)


def test_nothing_is_ever_finished_by_a_timer(visit, assistant):
    waiting = models.record_visit(
        by=assistant,
        service=models.Service.get_by_id(visit.service_uid),
        outcome=VisitOutcome.PROMISED,
        visitor_name="覃小燕",
        materials_complete=False,
        result="缺表",
    )
    with clock.set_at(MONDAY + timedelta(days=3650)):
        models.draft_handover()
        late, asked = models.cases_here()
        assert (uids([late]), models.urgency_of(late)) == (
            [visit.uid],
            models.Urgency.OFFICE,
        )
        assert uids([asked]) == [waiting.uid]
        assert models.urgency_of(asked) == models.Urgency.SOON


def test_a_case_is_referred_worked_answered_and_the_answer_passed_on(visit, assistant):
    there = other_desk()
    models.refer_case(visit, by=assistant, desk=there, note="属学工处办理")
    case = models.case_of(visit)
    assert (case.status, case.desk_name) == (CaseStatus.REFERRED, there.name)
    with pytest.raises(UserError, match="先由该窗口接办"):
        models.note_progress(visit, by=assistant, note="催办")
    step_there(visit, StepKind.TAKEN)
    with pytest.raises(UserError, match=f"由“{there.name}”办理"):
        models.finish_case(visit, by=assistant, result="办好")
    # The promise that the student was told holds at the next desk too.
    (sent,) = models.cases_sent()
    assert (sent.status, sent.due_on) == (CaseStatus.OPEN, date(2026, 11, 30))
    assert models.cases_here() == [] and uids(models.open_cases()) == [visit.uid]
    step_there(visit, StepKind.FINISHED, note="已批准，请来领取")
    (sent,) = models.cases_sent()
    assert (sent.result, sent.is_told) == ("已批准，请来领取", False)
    assert models.open_cases() == [] and models.all_open_cases() == []
    models.notify_visitor(visit, by=assistant, note="已电话告知")
    assert models.cases_sent() == []
    assert Visit.get_by_id(visit.uid).finished_at == models.case_of(visit).closed_at
    assert models.case_of(visit).contradictions == []


def test_a_case_referred_to_this_desk_is_taken_with_a_promise(assistant, service, desk):
    with clock.set_at(MONDAY):
        visit = visit_there(service, referred_to=desk)
        (case,) = models.cases_here()
        assert (case.status, case.sender_uid) == (
            CaseStatus.REFERRED,
            other_desk().uid,
        )
        with pytest.raises(UserError, match="先由该窗口接办"):
            models.finish_case(visit, by=assistant, result="办好")
        step = models.take_case(visit, by=assistant)
        assert step.due_on == models.cases_here()[0].due_on == date(2026, 11, 30)
        assert [item["number"] for item in models.draft_handover().open_items] == [
            visit.number
        ]
        models.finish_case(visit, by=assistant, result="已批准")
    assert models.cases_here() == [] and models.cases_sent() == []
    assert Visit.get_by_id(visit.uid).finished_at is None  # that row is not ours
    with pytest.raises(UserError, match="在该窗口更改"):
        models.void_visit(visit, by=models.person_signing_in("T001"), reason="错")


def test_a_referral_that_nobody_took_is_urgent_and_taken_back(visit, assistant):
    models.refer_case(visit, by=assistant, desk=other_desk(), note="属学工处办理")
    (case,) = models.cases_sent()
    urgency = [models.urgency_of(case, date(2026, 11, day)) for day in (23, 24, 25, 27)]
    assert [level.name for level in urgency] == [
        "SOON",
        "TODAY",
        "DEPARTMENT",
        "OFFICE",
    ]
    with pytest.raises(UserError, match="收回的原因"):
        models.take_case(visit, by=assistant)
    models.take_case(visit, by=assistant, note="学工处来电说不归他们")
    assert uids(models.cases_here()) == [visit.uid]


def test_a_case_is_referred_only_elsewhere_and_never_to_a_closed_desk(
    visit, assistant, desk
):
    with pytest.raises(UserError, match="哪个窗口"):
        models.add_step(visit, StepKind.REFERRED, by=assistant, note="转")
    with pytest.raises(UserError, match="别的窗口"):
        models.refer_case(visit, by=assistant, desk=desk, note="转")
    there = other_desk()
    there.closes_on = date(2026, 11, 1)
    with pytest.raises(UserError, match="已停用"):
        models.refer_case(visit, by=assistant, desk=there, note="转")


def test_two_desks_that_did_not_know_of_each_other_are_told(visit, assistant):
    known = models.steps_of(visit)
    with clock.set_at(MONDAY + timedelta(hours=1)):
        models.finish_case(visit, by=assistant, result="已批准")
    # A step seen only there, of a station whose clock is behind.
    step_there(visit, StepKind.PROGRESS, seen=known, note="还在审", after=-90)
    case = models.case_of(visit)
    (said,) = case.contradictions
    for words in ("“进展”", "“办结”", visit.desk_name, other_desk().name):
        assert words in said
    assert case.status == CaseStatus.FINISHED
    models.notify_visitor(visit, by=assistant, note="已向学工处核实，以办结为准")
    assert models.case_of(visit).contradictions == []


def test_a_case_that_another_desk_reopened_is_open_again(visit, assistant):
    models.finish_case(visit, by=assistant, result="已批准")
    assert uids(models.open_cases()) == []
    step_there(visit, StepKind.REOPENED, note="学生有异议", after=-600)
    assert Visit.get_by_id(visit.uid).finished_at is not None
    assert uids(models.open_cases()) == uids(models.cases_sent()) == [visit.uid]


def test_a_closing_that_a_reopening_had_not_seen_still_holds(visit, assistant):
    known = models.steps_of(visit)
    models.finish_case(visit, by=assistant, result="已批准")
    step_there(visit, StepKind.REFUSED, seen=known, note="不符合", after=5)
    models.reopen_case(visit, by=assistant, note="两边说法不一")
    assert not models.is_closed(visit)
    seen = [step for step in models.steps_of(visit) if step.kind != "reopened"]
    step_there(visit, StepKind.FINISHED, seen=seen, note="已发证", after=9)
    case = models.case_of(visit)
    assert (case.status, case.result) == (CaseStatus.FINISHED, "已发证")
    assert len(case.contradictions) == 1


def test_reopening_keeps_a_promise_ahead_and_renews_one_that_passed(visit, assistant):
    for now, due in ((MONDAY, 30), (datetime(2026, 12, 7, 9), 14)):
        with clock.set_at(now):
            models.finish_case(visit, by=assistant, result="已批准")
            models.reopen_case(visit, by=assistant, note="学生有异议")
            assert models.case_of(visit).due_on == date(2026, now.month, due)


def test_what_has_not_arrived_yet_is_said(visit):
    step_there(visit, StepKind.PROGRESS, seen=["e" * 32], note="已审")
    assert models.case_of(visit).missing


def test_a_void_visit_has_no_case(visit, assistant):
    models.void_visit(visit, by=assistant, reason="登记错人")
    assert models.case_of(visit).status == CaseStatus.VOID
    assert models.cases_here() == models.all_open_cases() == []
    with pytest.raises(UserError, match="已作废"):
        models.note_progress(visit, by=assistant, note="办")


def test_only_who_works_for_the_department_or_at_the_desk_works_a_case(visit):
    stranger = models.Person(name="外人", role="assistant", department_uid="d" * 32)
    office = models.person_signing_in("B0001")
    for by in (stranger, office):
        with pytest.raises(UserError, match="办理办件由本部门的学生助理"):
            models.note_progress(visit, by=by, note="办")
        with pytest.raises(UserError, match="延期由本部门的学生助理"):
            models.extend_case(visit, by=by, note="忙", due_on=date(2026, 12, 4))
    assert len(models.steps_of(visit)) == 1


def test_every_step_says_where_it_was_done_and_what_was_known(visit, assistant, desk):
    models.note_progress(visit, by=assistant, note="已送审")
    step_there(visit, StepKind.PROGRESS, seen=models.steps_of(visit)[:1], note="在审")
    models.note_progress(visit, by=assistant, note="知道了")
    first, *beside, last = models.steps_of(visit)
    assert (first.by_desk_uid, first.by_desk_name, first.seen) == (
        desk.uid,
        desk.name,
        [],
    )
    assert sorted(last.seen) == sorted(step.uid for step in beside)
    assert models.case_of(visit).contradictions == []  # two notes do no harm


def test_lists_of_open_cases_are_read_from_their_indexes(visit, monkeypatch):
    """Among a million visits a scan of the table would take seconds."""
    asked = []
    execute = db.execute_sql

    def listen(sql, *values):
        asked.append((sql, *values))
        return execute(sql, *values)

    monkeypatch.setattr(db.obj, "execute_sql", listen)
    monkeypatch.setitem(vars(db), "execute_sql", listen)
    for ask in (models.cases_here, models.cases_sent, models.all_open_cases):
        ask()
    monkeypatch.undo()
    asked = [values for values in asked if "visit" in values[0]]
    assert len(asked) == 5  # one a list; the case and its steps are read only once
    for sql, values in asked:
        plan = db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        lines = [row[3] for row in plan if row[3].split()[1] == "visit"]
        assert all("visit_open" in line or "(uid=?)" in line for line in lines), lines


def test_a_listed_case_is_worked_out_again_when_anything_of_it_has_changed(
    visit, assistant
):
    (before,) = models.cases_here()
    assert models.cases_here()[0] is before  # nobody has done anything

    models.note_progress(visit, by=assistant, note="问过了")
    (noted,) = models.cases_here()
    assert noted is not before and len(noted.steps) == len(before.steps) + 1

    noted.visit.note = "not stored"  # what was refused may be left behind
    (again,) = models.cases_here()
    assert again.visit.note == ""
    with pytest.raises(ZeroDivisionError), models.transaction():
        models.note_progress(visit, by=assistant, note="没有写成")
        assert len(models.cases_here()[0].steps) == len(again.steps) + 1
        raise ZeroDivisionError
    assert len(models.cases_here()[0].steps) == len(again.steps)

    stored = Visit.get_by_id(visit.uid)
    stored.note = "changed elsewhere"
    with models.transaction():
        stored.write(by=assistant)
    assert models.cases_here()[0].visit.note == "changed elsewhere"
    models.void_visit(stored, by=assistant, reason="重复")
    assert models.cases_here() == []


def test_an_outcome_of_a_newer_version_is_as_closed_as_its_row_says(visit):
    row = Visit.get_by_id(visit.uid)
    row.outcome = "beamed_up"
    assert not models.case_of(row).is_closed
    row.finished_at = MONDAY
    assert models.case_of(row).is_closed
    stored(
        models.VisitStep(
            visit_uid=visit.uid,
            visit_number=visit.number,
            kind="teleported",
            at=MONDAY,
            person_uid="",
            person_name="",
        )
    )
    assert models.steps_of(row)[-1].kind_label == "teleported"
