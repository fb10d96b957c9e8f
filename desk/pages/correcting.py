"""申请更正: other times than were recorded, or a shift nobody recorded."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from desk.pages.cardfield import people_here
from desk.pages.dutyrows import (
    DutyRow,
    asked_of_missed,
    asked_words,
    span,
    waiting_corrections,
)
from desk.pages.questions import AskForm
from desk.suggestions import name_of, suggest_people
from desk.widgets.clocktime import moment_from, read_time
from models import clock
from models.attendance import POST_LABELS, Attendance
from models.calendar import WEEKDAYS
from models.corrections import Correction, request_correction, witnesses
from models.desks import this_desk
from models.duty import duty_lines
from models.errors import UserError
from models.people import Person
from models.shifts import Shift, shifts_between

# Somebody notices a wrong time within the month it is paid for.
DAYS_BACK = timedelta(days=31)


class Subject(NamedTuple):
    """A shift that may be corrected: one that was recorded, or a missed one."""

    key: str
    text: str
    attendance: Attendance | None
    shift: Shift | None
    came: datetime
    left: datetime

    @property
    def ends(self) -> datetime:
        """When it was to end, or did."""
        planned = self.attendance.planned_to if self.attendance else None
        return max(planned or self.left, self.left)


def subjects_of(person: Person) -> list[Subject]:
    """The person's shifts at this desk in the last month, the latest first."""
    today, here = clock.today(), this_desk()
    lines = duty_lines(
        today - DAYS_BACK, today, desk_uid=here.uid, person_uid=person.uid
    )
    found, known = [], set()
    waiting = waiting_corrections(today - DAYS_BACK)
    for line in lines:
        if line.shift is not None:
            known.add((line.shift.key, line.shift.begins))
        if line.fact is None or line.fact.attendance is None:
            if line.shift is not None:
                found.append(_missed(line.shift, person, waiting))
        elif line.fact.attendance.checked_out_at is not None:
            found.append(_recorded(line.fact.attendance, line.fact.asked))
    for shift in shifts_between(today - DAYS_BACK, today, here):
        is_new = (shift.key, shift.begins) not in known
        if is_new and shift.ends <= clock.now() and shift.post_of(person.uid) == "B":
            found.append(_missed(shift, person, waiting))
    return sorted(found, key=lambda subject: subject.came, reverse=True)


def _recorded(row: Attendance, asked: Correction | None) -> Subject:
    assert row.checked_out_at is not None
    came, left = row.checked_in_at, row.checked_out_at
    text = (
        f"{_day(came)} {row.post_label} {span(came, left)} {asked_words(asked)}".strip()
    )
    return Subject(row.uid, text, row, None, came, left)


def _missed(shift: Shift, person: Person, waiting: Sequence[Correction]) -> Subject:
    post = POST_LABELS.get(shift.post_of(person.uid), "")
    asked = asked_words(asked_of_missed(shift, person.uid, waiting)) or "没有签到"
    text = f"{_day(shift.begins)} {post} {shift.hours} {asked}"
    key = f"{shift.key} {shift.begins}"
    return Subject(key, text, None, shift, shift.begins, shift.ends)


def _day(moment: datetime) -> str:
    return f"{moment:%m-%d} 周{WEEKDAYS[moment.weekday()]}"


class CorrectionForm(AskForm):
    """Which shift, from when to when, and why."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        window: Any,
        on_done: Callable[[Person], None],
        **options: Any,
    ) -> None:
        super().__init__(master, title="申请更正考勤", command=self._request, **options)
        self._window, self._on_done = window, on_done
        self._subjects: dict[str, Subject] = {}
        self.add_suggest(
            "person",
            "谁的考勤",
            suggest=lambda text: suggest_people(people_here(), text),
            on_pick=lambda person: self._show_subjects(person),
            fill=name_of,
        )
        self.add_words("person", "为自己申请")
        self.add_list("subject", "哪一班", on_change=self._show_times)
        self.add_words("subject", "这一班", "班次")
        self.add_entry("came", Correction.new_in.verbose_name, width=8)
        self.add_words("came", "更正后", "签到时间")
        self.add_entry("left", Correction.new_out.verbose_name, width=8)
        self.add_words("left", "签退时间", "晚于现在", "16 小时")
        self.add_entry("reason", Correction.reason.verbose_name)
        self.add_suggest(
            "witness",
            Correction.witness_name.verbose_name,
            suggest=lambda text: suggest_people(witnesses(), text),
            fill=name_of,
        )
        self.finish("提交申请")

    def ask(self, person: Person, row: DutyRow | None = None, uid: str = "") -> None:
        """Begin with somebody's shifts, at the one of a row or a check-in's uid."""
        self.clear()
        self.set("person", person)
        self._show_subjects(person)
        keys = [uid]
        if row is not None:
            keys += [row.attendance.uid if row.attendance else "", row.uid]
        chosen = next((key for key in keys if key in self._subjects), None)
        if chosen is not None:
            self.set("subject", chosen)
        self._show_times()

    def bring_draft(self, kept: Mapping[str, Any]) -> None:
        """The shifts there are now, and what was typed about one of them."""
        who = self.from_json(kept)["person"]
        if isinstance(who, Person):
            self.ask(who)
        super().bring_draft(kept)

    def focus_question(self) -> None:
        """The times, or whose they are."""
        self.focus_field("came" if self.value("subject") else "person")

    def _show_subjects(self, person: Person) -> None:
        self._subjects = {subject.key: subject for subject in subjects_of(person)}
        choices = [(s.text, s.key) for s in self._subjects.values()]
        self.set_choices("subject", choices or [("最近一个月没有班次", "")])
        self._show_times()

    def _show_times(self) -> None:
        subject = self._subjects.get(self.value("subject"))
        for name, moment in (
            ("came", subject and subject.came),
            ("left", subject and subject.left),
        ):
            self.set(name, f"{moment:%H:%M}" if moment else "")

    def _request(self) -> None:
        person = self.value("person")
        if person is None:
            raise UserError("请从候选中选择谁的考勤。")
        subject = self._subjects.get(self.value("subject"))
        if subject is None:
            raise UserError("请选择哪一班；没有班次的时间不能补签。")
        if self.text("witness") and self.value("witness") is None:
            raise UserError("请从候选中选择证明人。")
        came, left = self._times(subject)
        request_correction(
            by=self._window.person,
            attendance=subject.attendance,
            person=person,
            shift=subject.shift,
            new_in=came,
            new_out=left,
            reason=self.text("reason"),
            witness=self.value("witness"),
        )
        self._on_done(person)

    def _times(self, subject: Subject) -> tuple[datetime, datetime]:
        """On the day of the shift; only one that ends the next day goes past it."""
        with self.about("came"):
            came = datetime.combine(subject.came.date(), read_time(self.text("came")))
        with self.about("left"):
            left = moment_from(came, self.text("left"), subject.ends)
            if left < came:
                raise UserError(f"签退时间早于签到时间 {came:%H:%M}。")
        return came, left
