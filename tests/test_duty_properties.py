"""What holds whatever is planned, swiped, corrected and decided (P14, P19, P27)."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest
from duty import MONDAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import STORIES, Player, take_over, undone

import models
from models import Attendance, Correction, RecordedBy, clock
from models.approvals import Approval

FIRST, LAST = MONDAY - timedelta(days=2), MONDAY + timedelta(days=13)
LATER = datetime.combine(LAST, datetime.min.time())

plays = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def duty(first=FIRST, last=LAST, **which):
    with clock.set_at(LATER):
        return models.duty_lines(first, last, **which)


def in_force(row):
    """The times that count for a check-in: naively, the correction decided last."""
    best = None
    for correction in Correction.select().where(Correction.attendance_uid == row.uid):
        moment = approved_at(correction.uid)
        if moment and (best is None or (moment, correction.uid) > best[:2]):
            best = (moment, correction.uid, correction.new_in, correction.new_out)
    return best[2:] if best else None


def approved_at(uid):
    """When the second of both said yes, if neither said no."""
    said = {
        approval.side: approval
        for approval in Approval.select().where(Approval.subject_uid == uid)
    }
    if len(said) < 2 or not all(approval.approved for approval in said.values()):
        return None
    return max(approval.decided_at for approval in said.values())


def overlap(one, other):
    begins, ends = max(one[0], other[0]), min(one[1], other[1])
    return (begins, ends) if begins < ends else None


def seconds_of_union(intervals):
    total, until = 0, datetime.min
    for begins, ends in sorted(intervals):
        total += max((ends - max(begins, until)).total_seconds(), 0)
        until = max(until, ends)
    return int(total)


def entitled(row):
    """Planned ∩ actual of one check-in; None when nothing of it counts."""
    times = in_force(row)
    if times is None:
        if row.checked_out_at is None:
            return None
        if row.needs_approval and approved_at(row.uid) is None:
            return None
        times = (row.checked_in_at, row.checked_out_at)
    if row.post == "stay":
        return None
    planned = (row.planned_from or times[0], row.planned_to or times[1])
    return overlap(times, planned)


@plays
@given(
    story=STORIES,
    elsewhere=st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(7 * 60, 100 * 60), st.integers(1, 300)
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_whatever_happens_time_is_counted_once_and_nobody_is_locked_out(
    story, elsewhere, station
):
    with undone():
        watch = Watch()
        player = Player(story)
        player.play(watch.look)
        lines = duty()
        recorded_times_are_those_of_the_plan(player)
        paid_is_planned_and_done_and_never_twice(player, lines)
        days_and_people_add_up_to_the_whole(player, lines)
        only_a_is_late_or_early_by_time_nobody_stood_in_for(lines)
        forgotten_check_outs_end_with_the_plan(lines)
        requests_cannot_be_changed(player)
        at_two_desks_at_once_a_minute_is_paid_once(player, elsewhere)
        nobody_is_locked_out(player, watch)


class Watch:
    """Looks after each step: one open check-in each, and nothing is taken back."""

    def __init__(self) -> None:
        self.closed: dict[str, tuple] = {}
        self.decided: dict[str, str] = {}

    def look(self) -> None:
        opened = Counter()
        for row in Attendance.select():
            if row.checked_out_at is None:
                opened[row.person_uid] += 1
                continue
            now = (row.revision, row.checked_in_at, row.checked_out_at, row.method_out)
            assert self.closed.setdefault(row.uid, now) == now
        assert all(count == 1 for count in opened.values())
        for correction in Correction.select():
            verdict = models.verdict_of(correction).verdict
            before = self.decided.get(correction.uid, "waiting")
            assert before in ("waiting", verdict)
            self.decided[correction.uid] = verdict


def recorded_times_are_those_of_the_plan(player):
    hours = {shift["key"]: (shift["from"], shift["to"]) for shift in player.plan.shifts}
    for row in Attendance.select().where(Attendance.shift_key != ""):
        planned = (f"{row.planned_from:%H:%M}", f"{row.planned_to:%H:%M}")
        assert planned == hours[row.shift_key]


def rights_of(line, rows):
    """The time a line may be paid for, reckoned from what is stored alone."""
    row = rows.get(line.fact.uid)
    if row is not None:
        return entitled(row)
    asked = line.fact.correction
    return overlap(
        (asked.new_in, asked.new_out), (asked.planned_from, asked.planned_to)
    )


def paid_is_planned_and_done_and_never_twice(player, lines):
    rows = {row.uid: row for row in Attendance.select()}
    rights = defaultdict(list)
    for line in lines:
        assert min(line.paid, line.pending, line.late, line.early, line.twice) >= 0
        if line.fact is None:
            assert line.paid == line.pending == 0
            continue
        right = rights_of(line, rows)
        length = (right[1] - right[0]).total_seconds() if right else 0
        assert line.paid * 60 <= length
        if right:
            rights[line.who.uid].append(right)
    for person in player.people:
        mine = [line for line in lines if line.who.uid == person.uid]
        paid = sum(line.paid for line in mine) * 60
        # Nothing twice, and nothing lost but what is rounded off each line.
        due = seconds_of_union(rights[person.uid])
        assert paid <= due
        assert due - paid < 60 * max(len(mine), 1)


def days_and_people_add_up_to_the_whole(player, lines):
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    by_day = [line for day in days for line in duty(day, day)]
    assert Counter(map(said, by_day)) == Counter(map(said, lines))
    for person in player.people:
        alone = [said(x) for x in duty(person_uid=person.uid)]
        assert alone == [said(x) for x in lines if x.who.uid == person.uid]
    shown = [x.fact.uid for x in lines if x.fact and x.fact.attendance]
    assert sorted(shown) == sorted(row.uid for row in Attendance.select())


def said(line):
    return (
        line.day,
        line.who.uid,
        line.fact.uid if line.fact else line.shift.key,
        (line.late, line.early, line.is_absent),
        (line.paid, line.pending, line.covered_by),
    )


def only_a_is_late_or_early_by_time_nobody_stood_in_for(lines):
    for row in Attendance.select():
        if row.cover_for_uid:
            assert row.post == "B"
        if row.post != "A":
            assert row.late_minutes == row.early_minutes == 0
    minutes = defaultdict(int)
    for line in lines:
        assert not (line.is_absent and line.covered_by)
        if line.late or line.early:
            assert line.post == "A"
            assert not line.fact.cover_for_uid
            assert line.shift.a.uid == line.who.uid
            minutes[line.shift] += line.late + line.early
    for shift, late_or_early in minutes.items():
        covers = [
            overlap(
                (line.fact.checked_in_at, line.fact.checked_out_at or LATER),
                (shift.begins, shift.ends),
            )
            for line in lines
            if line.shift == shift
            and line.fact
            and line.fact.cover_for_uid
            and line.fact.was_there
        ]
        covered = seconds_of_union(filter(None, covers))
        length = (shift.ends - shift.begins).total_seconds()
        assert late_or_early * 60 <= length - covered


def forgotten_check_outs_end_with_the_plan(lines):
    paid = {line.fact.uid: line.paid for line in lines if line.fact}
    for row in Attendance.select().where(Attendance.method_out == RecordedBy.SYSTEM):
        assert row.needs_approval
        planned = row.planned_to or row.checked_in_at
        assert row.checked_out_at <= max(planned, row.checked_in_at)
        if in_force(row) is None and approved_at(row.uid) is None:
            assert paid[row.uid] == 0


def requests_cannot_be_changed(player):
    for correction in Correction.select():
        with pytest.raises(TypeError, match="only ever added"):
            correction.write(by=player.teacher)


def at_two_desks_at_once_a_minute_is_paid_once(player, elsewhere):
    """What only the office sees: check-ins of another desk beside those of this one."""
    for who, minute, length in elsewhere:
        take_over(at_another_desk(player.people[who], minute, length))
    paid_is_planned_and_done_and_never_twice(player, duty())


def at_another_desk(person, minute, length):
    desk = models.desk_by_code("xuesheng")
    came = datetime.combine(MONDAY, datetime.min.time()) + timedelta(minutes=minute)
    return Attendance(
        station="another",
        person_uid=person.uid,
        person_number=person.number,
        person_name=person.name,
        desk_uid=desk.uid,
        desk_name=desk.name,
        post="B",
        checked_in_at=came,
        checked_out_at=came + timedelta(minutes=length),
        planned_from=came,
        planned_to=came + timedelta(minutes=length),
    )


def nobody_is_locked_out(player, watch):
    """Whatever is open or the clock said: a card checks in and out again."""
    for person in player.people:
        kinds = []
        # The clock set back may make one of a repeat, and a shift may follow another.
        while len(kinds) < 4 and not {"in", "out"} <= set(kinds):
            player.now += timedelta(minutes=2)
            with clock.set_at(player.now):
                kinds.append(player.come_or_go(person, 1))
                is_in = models.open_attendance(person) is not None
            watch.look()
            assert kinds[-1] == "repeat" or is_in == (kinds[-1] in ("in", "next"))
        assert {"in", "out"} <= set(kinds)
    with clock.set_at(player.latest + timedelta(days=3)):
        models.close_all_forgotten(after=timedelta())
    assert not Attendance.select().where(Attendance.checked_out_at.is_null()).exists()
