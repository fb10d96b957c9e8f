"""The first weeks of the sample college's term: sums agree wherever they are made."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document

import models
from desk.demo import make_demo
from exports.ledgers import Selection, ledger_by_code
from exports.ledgers.amounts import amount_in_words, yuan
from exports.ledgers.attendances import in_words
from exports.sync import sync_state
from models import Attendance, PersonStatus, UserError, clock
from models.progress import unheard

# Two weeks with the end of a month and 清明节 in them.
TODAY = datetime(2026, 4, 13, 8)
FIRST, LAST = date(2026, 3, 30), date(2026, 4, 10)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Iterator[tuple[Path, dict]]:
    root = tmp_path_factory.mktemp("学期") / "样例"
    with clock.set_at(TODAY):
        made = make_demo(root, days=0, weeks=2, visits=12, seed=1, report=unheard)
    models.close_database()
    yield root, json.loads(json.dumps(made))


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    models.open_database(folder)
    try:
        with clock.set_at(TODAY):
            yield
    finally:
        models.close_database()


def stations(root: Path) -> list[Path]:
    return sorted((root / "stations").iterdir())


def office_lines(root: Path) -> list[models.DutyLine]:
    with opened(root / "office"):
        return models.duty_lines(FIRST, LAST)


def seen(lines: list[models.DutyLine]) -> Counter:
    """What of each line must be the same at the desk and at the office."""
    return Counter(
        (
            *(line.desk_uid, line.who, line.day, line.post, line.begins),
            *(line.late, line.early, line.is_absent, line.covered_by),
            *(line.paid, line.pending, line.twice),
        )
        for line in lines
    )


def test_the_summary_says_what_happened_in_the_term(sample):
    _root, made = sample
    term = made["term"]
    assert (term["first"], term["last"]) == (FIRST.isoformat(), LAST.isoformat())
    # Nine working days: 清明节 is a Monday.
    evenings = 3 + 4
    assert term["shifts"] == 9 * 6 * 4 + evenings
    assert term["attendances"] == made["office"]["attendances"] > term["shifts"] * 0.9
    assert term["covers"] > 5 and term["corrections"] > 0
    assert term["minutes"] > 9 * 6 * 6 * 60
    assert term["months_closed"] == 1 and term["pay_fen"] > 0


def test_cases_are_late_put_off_and_answered_by_the_other_desk(sample):
    _root, made = sample
    cases = made["cases"]
    assert cases["referred"] > cases["taken"] > cases["answered"] > 0
    assert all(cases[key] for key in ("paused", "overdue", "repeats", "several"))
    assert cases["contradictions"] == 1 and cases["missing"] == 0


def test_a_seal_that_was_handed_in_goes_on_at_another_desk(sample):
    root, made = sample
    assert made["seals"]["collected"] == 1
    with opened(root / "stations" / "xuesheng"):
        names = [s.department_name for s in models.seals_of(models.this_desk())]
        (seal,) = [s for s in models.seals() if s.department_name == "保卫处"]
        assert models.holder_of(seal).name == "卫东升"
        assert seal.numbers["2026"] > 0
    assert names == ["学生处", "保卫处"]


def test_everything_is_confirmed_and_every_database_verifies(sample):
    root, made = sample
    assert made["confirmed"] > 0 == made["unconfirmed"]
    for folder in [root / "office", *stations(root)]:
        with opened(folder):
            assert models.verify().faults == []
            assert sync_state().conflicts == sync_state().quarantined == 0


def test_every_desk_and_the_office_reckon_the_same(sample):
    root, made = sample
    at_office, at_desks = seen(office_lines(root)), Counter()
    for folder in stations(root):
        with opened(folder):
            here = models.this_desk()
            lines = models.duty_lines(FIRST, LAST, desk_uid=here.uid)
            assert len(lines) > 30
            at_desks += seen(lines)
    assert at_desks == at_office
    assert sum(line.paid for line in office_lines(root)) == made["term"]["minutes"]


def test_a_desk_tells_nobody_absent_from_the_shifts_of_another(sample):
    root, _made = sample
    for folder in stations(root):
        with opened(folder):
            here, chosen = models.this_desk(), Selection(FIRST, LAST)
            for code in ("attendances", "covers"):
                texts = ledger_by_code(code).read(chosen).lines
                assert {text[2] for text in texts} == {here.name}


def test_pay_comes_to_the_minutes_of_duty(sample):
    root, made = sample
    lines = office_lines(root)
    with opened(root / "office"):
        assert models.month_of(MARCH).status == models.PayStatus.CLOSED
        assert models.month_of(APRIL) is None
        march, april = models.pay_lines(MARCH), models.pay_lines(APRIL)
    adjusted = sum(line.adjusted for line in april)
    for month, worked in (
        (3, sum(line.worked for line in march) + adjusted),
        (4, sum(line.worked for line in april)),
    ):
        assert worked == sum(line.paid for line in lines if line.day.month == month)
    assert sum(line.amount for line in march) == made["term"]["pay_fen"]


def text_of(path: str) -> str:
    """All of a document: paragraphs and cells."""
    document = Document(path)
    parts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        parts += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def test_the_sheets_come_to_the_same_sums(sample):
    root, made = sample
    lines = office_lines(root)
    with opened(root / "office"):
        march = models.pay_lines(MARCH)
        plans = models.plans_in_force(LAST)
    paths = {made["name"]: made for made in made["ledgers"]}
    attendances = paths["签到签退表"]
    assert attendances["rows"] == len(lines)
    assert in_words(sum(line.paid for line in lines)) in text_of(attendances["path"])
    sheets = {sheet["name"]: sheet for sheet in made["sheets"]}
    assert set(sheets) == {"AB 岗备案表", "服务时间安排", "断电表"}
    assert len(sheets["AB 岗备案表"]["paths"]) == len(plans)
    worked = in_words(sum(line.worked for line in march))
    assert f"工时 {worked}" in text_of(paths["勤工助学工时统计表"]["path"])
    fen = sum(line.amount for line in march)
    pay = text_of(paths["勤工助学酬金发放表"]["path"])
    covers = sum(bool(x.fact and x.fact.cover_for_uid) or x.is_absent for x in lines)
    assert paths["请假替岗登记"]["rows"] == covers > 0
    assert paths["考勤更正登记"]["rows"] == made["term"]["corrections"] > 0
    for name in ("勤工助学工时统计表", "勤工助学酬金发放表", "考勤更正登记"):
        assert paths[name]["verified"], paths[name]["notes"]
    assert f"金额 {yuan(fen)} 元" in pay and amount_in_words(fen) in pay


def test_sixty_volunteers_serve_by_a_plan_of_each_department(sample):
    root, _made = sample
    with opened(root / "office"):
        assistants = models.people("assistant")
        assert len(assistants) == 60
        assert {p.status for p in assistants} == {
            PersonStatus.ACTIVE,
            PersonStatus.TRAINING,
        }
        plans = models.plans_in_force(LAST)
        assert {plan.number for plan in plans} == {
            f"AB〔2026〕{n}号" for n in range(1, 9)
        }
        assert {plan.department_name for plan in plans} == {
            department.name for department in models.departments()
        }
        for plan in plans:
            assert plan.stays and all(len(s["b"]) > 1 for s in plan.shifts)
        warnings = {kind for row in Attendance.select() for kind in row.warnings}
    assert {"untrained", "unplanned"} <= warnings


def test_every_department_has_a_teacher_at_its_desk_in_most_weeks(sample):
    root, _made = sample
    with opened(root / "office"):
        reports = models.stays_in_week(LAST)
    assert len(reports) == 8
    assert sum(report.has_come for report in reports) >= 5


def test_mornings_and_afternoons_of_every_plan_have_their_turn(sample):
    root, _made = sample
    with opened(root / "office"):
        halves = {
            (shift.department_name, shift.begins.hour < 12)
            for shift in models.shifts_between(FIRST, LAST)
        }
        names = {department.name for department in models.departments()}
    assert halves == {(name, half) for name in names for half in (True, False)}


def test_weeks_without_a_working_day_are_refused(tmp_path):
    with clock.set_at(datetime(2026, 2, 23, 8)):
        with pytest.raises(UserError, match="没有工作日"):
            make_demo(tmp_path / "x", days=0, weeks=1, visits=0, seed=1, report=unheard)
