"""What holds for a case whatever many desks do to it, in whatever order."""

from datetime import datetime, timedelta

import pytest
from elsewhere import other_desk, step_there
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import models
from models import StepKind, UserError, Visit, VisitOutcome, VisitStep, clock
from models.casefold import fold
from models.casethreads import Thread

MONDAY = datetime(2026, 9, 21, 9)
KINDS = [kind for kind in StepKind if kind != StepKind.ACCEPTED]
DESKS = ("教务窗口", "学生窗口", "后勤窗口")

plays = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# What one desk does next: who, what, how wrong its clock is, which steps of the others
# reached it before, which promise it gives.
moves = st.tuples(
    st.integers(0, 2),
    st.sampled_from(KINDS),
    st.integers(-300, 300),
    st.integers(0, 2**12 - 1),
    st.none() | st.integers(0, 40),
)


def a_visit(outcome):
    return Visit(
        number="JW20260921-001",
        desk_uid="desk0",
        desk_name=DESKS[0],
        station="station0",
        arrived_at=MONDAY,
        service_uid="s",
        service_name="免修申办",
        service_kind="promised",
        outcome=outcome,
        first_receiver_uid="p",
        first_receiver_name="曾单",
        handler_uid="p",
        handler_name="曾单",
    )


def a_step(at, station, kind, minutes, promise, seen):
    to = (station + 1) % 3
    return VisitStep(
        uid=f"{at:04}{station}",
        visit_uid="v",
        visit_number="JW20260921-001",
        station=f"station{station}",
        kind=kind,
        at=MONDAY + timedelta(minutes=minutes),
        person_uid="p",
        person_name="曾单",
        by_desk_uid=f"desk{station}",
        by_desk_name=DESKS[station],
        desk_uid=f"desk{to}" if kind == StepKind.REFERRED else "",
        desk_name=DESKS[to] if kind == StepKind.REFERRED else "",
        due_on=None if promise is None else MONDAY.date() + timedelta(days=promise),
        seen=seen,
    )


def played(script):
    """The steps of three desks that hear of each other only now and then."""
    steps = [a_step(0, 0, StepKind.ACCEPTED, 0, 5, [])]
    known = [set(), set(), set()]
    for at, (station, kind, minutes, heard, promise) in enumerate(script, start=1):
        mine = known[station] | {steps[0].uid}
        for place, step in enumerate(steps):
            if heard >> place % 12 & 1:
                mine |= {step.uid, *ancestors(step, steps)}
        heads = Thread([step for step in steps if step.uid in mine]).heads
        steps.append(a_step(at, station, kind, minutes, promise, heads))
        known[station] = mine | {steps[-1].uid}
    return steps


def ancestors(step, steps):
    found, by_uid = set(), {one.uid: one for one in steps}
    waiting = list(step.seen)
    while waiting:
        uid = waiting.pop()
        if uid not in found:
            found.add(uid)
            waiting += by_uid[uid].seen
    return found


def told(case):
    """All that a case says."""
    return (
        [step.uid for step in case.steps],
        case.status,
        case.desk_uid,
        case.due_on,
        case.promised_on,
        case.pauses,
        case.extensions,
        case.complete_on,
        case.result,
        case.closed_at,
        case.is_told,
        case.sender_uid,
        case.contradictions,
        case.missing,
    )


@plays
@given(
    script=st.lists(moves, max_size=12),
    outcome=st.sampled_from(list(VisitOutcome)),
    chance=st.randoms(use_true_random=False),
)
def test_the_order_in_which_steps_arrive_changes_nothing(script, outcome, chance):
    visit, steps = a_visit(outcome), played(script)
    expected = told(fold(visit, steps))
    for _ in range(4):
        chance.shuffle(steps)
        assert told(fold(visit, steps)) == expected
    some = steps[: len(steps) // 2]
    expected = told(fold(visit, some))
    chance.shuffle(some)
    assert told(fold(visit, some)) == expected


@plays
@given(script=st.lists(moves, max_size=12))
def test_a_step_stands_behind_all_it_had_seen(script):
    steps = played(script)
    case = fold(a_visit(VisitOutcome.PROMISED), steps)
    place = {step.uid: at for at, step in enumerate(case.steps)}
    assert len(place) == len(steps) and not case.missing
    for step in steps:
        assert all(place[uid] < place[step.uid] for uid in step.seen)


@plays
@given(
    script=st.lists(moves, max_size=8),
    forged=st.lists(
        st.lists(st.integers(0, 9).map(lambda at: f"{at:04}0") | st.integers()),
        max_size=8,
    ),
    chance=st.randoms(use_true_random=False),
)
def test_whatever_a_forger_says_it_saw_all_agree(script, forged, chance):
    """Circles, steps that never were, and what is no uid at all."""
    steps = played(script)
    for step, seen in zip(steps, forged, strict=False):
        step.seen = seen
    visit = a_visit(VisitOutcome.PROMISED)
    expected = told(fold(visit, steps))
    chance.shuffle(steps)
    assert told(fold(visit, steps)) == expected
    assert len(expected[0]) == len(steps)


@plays
@given(script=st.lists(moves, max_size=10))
def test_who_has_seen_everything_settles_every_contradiction(script):
    steps, visit = played(script), a_visit(VisitOutcome.PROMISED)
    heads = Thread(steps).heads
    last = a_step(99, 1, StepKind.NOTIFIED, 999, None, heads)
    assert fold(visit, [*steps, last]).contradictions == []


@plays
@given(script=st.lists(moves, max_size=10))
def test_a_case_ends_only_by_a_step_that_ends_it(script):
    steps, visit = played(script), a_visit(VisitOutcome.PROMISED)
    case = fold(visit, steps)
    closed = {step.uid for step in steps if step.kind in ("finished", "refused")}
    assert case.is_closed == bool(case.closing)
    assert not case.closing or case.closing.uid in closed


acts = st.tuples(
    st.sampled_from(
        (
            *("pause", "resume", "extend", "refer", "take", "progress", "finish"),
            *("refuse", "notify", "reopen", "there"),
        )
    ),
    st.integers(0, 12),  # days that pass
    st.integers(1, 30),  # days that are promised
    st.sampled_from(KINDS),
)


def act(visit, name, by, due_on, kind):
    """One thing done at this desk, or a step that comes in from the other one."""
    words, desk = {"by": by, "note": "情况说明"}, other_desk()
    if name == "there":
        promise = due_on if kind in (StepKind.EXTENDED, StepKind.TAKEN) else None
        return step_there(
            visit, kind, note="那边", due_on=promise, to=models.this_desk()
        )
    if name == "finish":
        return models.finish_case(visit, by=by, result="办好")
    if name == "extend":
        return models.extend_case(visit, **words, due_on=due_on)
    if name == "refer":
        return models.refer_case(visit, **words, desk=desk)
    operation = {
        "pause": models.pause_case,
        "resume": models.resume_case,
        "take": models.take_case,
        "progress": models.note_progress,
        "refuse": models.refuse_case,
        "notify": models.notify_visitor,
        "reopen": models.reopen_case,
    }[name]
    return operation(visit, **words)


# What may move a promise, and why: the reason is the step itself, with its words.
MOVES = ("waiting", "complete", "extended", "taken", "reopened")


ENDED_TWICE_ELSEWHERE = [
    ("refer", 7, 19, StepKind.EXTENDED),
    ("there", 9, 22, StepKind.FINISHED),
    ("notify", 2, 26, StepKind.TAKEN),
    ("there", 9, 22, StepKind.FINISHED),
]


@plays
@example(script=ENDED_TWICE_ELSEWHERE, complete=True)
@given(script=st.lists(acts, max_size=10), complete=st.booleans())
def test_a_promise_moves_only_by_a_step_that_says_why(
    assistant, service, script, complete
):
    now = MONDAY
    with clock.set_at(now):
        visit = models.record_visit(
            by=assistant,
            service=service,
            outcome=VisitOutcome.PROMISED,
            visitor_name="张伟",
            materials_complete=complete,
            result="" if complete else "缺表",
        )
    before = models.case_of(visit)
    for name, days, promised, kind in script:
        now += timedelta(days=days, minutes=1)
        due_on = now.date() + timedelta(days=promised)
        with clock.set_at(now):
            try:
                step = act(visit, name, assistant, due_on, kind)
            except UserError:
                assert told(models.case_of(visit)) == told(before)
                continue
        case = models.case_of(visit)
        if case.due_on != before.due_on:
            assert step.kind in MOVES and step.note
            if case.due_on and before.due_on:
                assert step.due_on == case.due_on
        agrees_with_the_row(visit, case)
        before = case


def agrees_with_the_row(visit, case):
    """The lists find it where the steps say it is, whatever its row still says."""
    here = models.this_desk().uid
    at_this_desk = not case.is_closed and case.desk_uid == here
    listed = [one.visit.uid for one in models.cases_here()]
    assert (visit.uid in listed) == at_this_desk
    sent = [one.visit.uid for one in models.cases_sent()]
    assert (visit.uid in sent) == (
        case.desk_uid != here and not (case.is_closed and case.is_told)
    )
    opened = [one.uid for one in models.open_cases(models.this_desk())]
    assert (visit.uid in opened) == (not case.is_closed)


@pytest.mark.parametrize("kind", KINDS)
def test_two_steps_side_by_side_are_a_contradiction_unless_harmless(kind):
    first = a_step(0, 0, StepKind.ACCEPTED, 0, 5, [])
    done = a_step(1, 0, StepKind.FINISHED, 9, None, [first.uid])
    beside = a_step(2, 1, kind, 1, None, [first.uid])
    case = fold(a_visit(VisitOutcome.PROMISED), [beside, done, first])
    assert len(case.contradictions) == (kind != StepKind.NOTIFIED)
