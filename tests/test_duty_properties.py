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
from models.corrections import Approval

FIRST, LAST = MONDAY - timedelta(days=2), MONDAY + timedelta(days=13)
LATER = datetime.combine(LAST, datetime.min.time())

plays = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def played(story, after_each=lambda: None):
    player = Player(story)
    player.play(after_each)
    return player


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


def shift_hours(player):
    """The times of each line of the plan, from the plan itself."""
    return {shift["key"]: (shift["from"], shift["to"]) for shift in player.plan.shifts}


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
@given(story=STORIES)
def test_paid_is_planned_and_done_and_never_twice(story, station):
    with undone():
        player = played(story)
        lines = duty()
        rights = defaultdict(list)
        by_uid = {row.uid: row for row in Attendance.select()}
        for line in lines:
            assert min(line.paid, line.pending, line.late, line.early, line.twice) >= 0
            if line.fact is None:
                assert line.paid == line.pending == 0
                continue
            row = by_uid.get(line.fact.uid)
            if row is not None:
                right = entitled(row)
            else:
                asked = line.fact.correction
                right = overlap(
                    (asked.new_in, asked.new_out),
                    (asked.planned_from, asked.planned_to),
                )
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


@plays
@given(story=STORIES)
def test_days_add_up_to_the_whole_and_every_check_in_has_one_line(story, station):
    with undone():
        player = played(story)
        whole = duty()
        days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
        with_days = [line for day in days for line in duty(day, day)]
        assert Counter(map(said, with_days)) == Counter(map(said, whole))
        for person in player.people:
            alone = duty(person_uid=person.uid)
            assert [said(x) for x in alone] == [
                said(x) for x in whole if x.who.uid == person.uid
            ]
        recorded = [row.uid for row in Attendance.select()]
        shown = [x.fact.uid for x in whole if x.fact and x.fact.attendance]
        assert sorted(shown) == sorted(recorded)


def said(line):
    return (
        line.day,
        line.who.uid,
        line.fact.uid if line.fact else line.shift.key,
        (line.late, line.early, line.is_absent),
        (line.paid, line.pending, line.covered_by),
    )


@plays
@given(story=STORIES)
def test_late_and_early_are_time_of_a_that_nobody_stood_in_for(story, station):
    with undone():
        played(story)
        lines = duty()
        for row in Attendance.select().where(Attendance.cover_for_uid != ""):
            assert row.late_minutes == row.early_minutes == 0
            assert row.post == "B"
        for row in Attendance.select().where(Attendance.post != "A"):
            assert row.late_minutes == row.early_minutes == 0
        per_shift = defaultdict(int)
        for line in lines:
            if line.late or line.early:
                assert line.post == "A" and not line.fact.cover_for_uid
                assert line.shift.a.uid == line.who.uid
                per_shift[line.shift] += line.late + line.early
            assert not (line.is_absent and line.covered_by)
        for shift, minutes in per_shift.items():
            covers = [
                overlap(
                    (line.fact.checked_in_at, line.fact.checked_out_at or LATER),
                    (shift.begins, shift.ends),
                )
                for line in lines
                if line.shift == shift and line.fact and line.fact.cover_for_uid
            ]
            covered = seconds_of_union(filter(None, covers))
            length = (shift.ends - shift.begins).total_seconds()
            assert minutes * 60 <= length - covered


@plays
@given(story=STORIES)
def test_nobody_is_ever_locked_out_or_there_twice(story, station):
    def one_each():
        opened = Counter(
            row.person_uid
            for row in Attendance.select().where(Attendance.checked_out_at.is_null())
        )
        assert all(count == 1 for count in opened.values())

    with undone():
        player = played(story, one_each)
        for person in player.people:
            kinds = []
            # A clock set back may take one for a repeated swipe, or go on at "next".
            while len(kinds) < 8 and not {"in", "out"} <= set(kinds):
                player.now += timedelta(minutes=2)
                with clock.set_at(player.now):
                    kinds.append(player.come_or_go(person, 1))
                    one_each()
                    is_in = models.open_attendance(person) is not None
                assert is_in == (kinds[-1] in ("in", "next")) or kinds[-1] == "repeat"
            assert {"in", "out"} <= set(kinds)
            assert len(kinds) <= 4
        with clock.set_at(player.latest + timedelta(days=3)):
            models.close_all_forgotten()
        assert not Attendance.select().where(Attendance.checked_out_at.is_null())


@plays
@given(story=STORIES)
def test_a_forgotten_check_out_never_counts_past_the_planned_end(story, station):
    with undone():
        player = played(story)
        with clock.set_at(player.latest + timedelta(days=3)):
            models.close_all_forgotten()
        forgotten = Attendance.method_out == RecordedBy.SYSTEM
        for row in Attendance.select().where(forgotten):
            assert row.needs_approval
            latest = row.planned_to or row.checked_in_at
            assert row.checked_out_at <= max(latest, row.checked_in_at)
            if in_force(row) is None and approved_at(row.uid) is None:
                (line,) = [x for x in duty() if x.fact and x.fact.uid == row.uid]
                assert line.paid == 0


@plays
@given(
    story=STORIES,
    elsewhere=st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(7 * 60, 100 * 60), st.integers(1, 300)
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_at_two_desks_at_once_a_minute_is_paid_once(story, elsewhere, station):
    """What only the office sees: check-ins of another desk beside those of this one."""
    with undone():
        player = played(story)
        before = {person.uid: 0 for person in player.people}
        rights = defaultdict(list)
        for row in Attendance.select():
            if entitled(row):
                rights[row.person_uid].append(entitled(row))
        for who, minute, length in elsewhere:
            row = at_another_desk(player.people[who], minute, length)
            rights[row.person_uid].append((row.checked_in_at, row.checked_out_at))
        lines = duty()
        for line in lines:
            before[line.who.uid] += line.paid
        missed = Correction.select().where(Correction.attendance_uid == "")
        if not any(approved_at(correction.uid) for correction in missed):
            for uid, paid in before.items():
                assert paid * 60 <= seconds_of_union(rights[uid])


def at_another_desk(person, minute, length):
    desk = models.desk_by_code("xuesheng")
    came = datetime.combine(MONDAY, datetime.min.time()) + timedelta(minutes=minute)
    row = Attendance(
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
    take_over(row)
    return row


@plays
@given(story=STORIES)
def test_what_was_recorded_and_decided_stays_for_good(story, station):
    """Corrections and decisions only ever add rows; the check-ins stay as they are."""
    seen: dict[str, tuple] = {}

    def nothing_changed():
        for row in Attendance.select().where(Attendance.checked_out_at.is_null(False)):
            now = (row.revision, row.checked_in_at, row.checked_out_at, row.method_out)
            assert seen.setdefault(row.uid, now) == now

    verdicts: dict[str, str] = {}

    def no_verdict_is_undone():
        for correction in Correction.select():
            verdict = models.verdict_of(correction).verdict
            if verdicts.setdefault(correction.uid, verdict) != "waiting":
                assert verdicts[correction.uid] == verdict
            verdicts[correction.uid] = verdict

    def both():
        nothing_changed()
        no_verdict_is_undone()

    with undone():
        player = played(story, both)
        for correction in Correction.select():
            with pytest.raises(TypeError, match="only ever added"):
                correction.write(by=player.teacher)
