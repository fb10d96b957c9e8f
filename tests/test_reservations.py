"""断电表: numbers set apart for paper, copied in afterwards without a gap (P16)."""

from datetime import date, datetime, timedelta

import pytest
from exchange import exchange
from sealing import MORNING, hand, person, refused, row, use

import models
from models import SealReservation, SealUse, clock
from models.base import db

TOMORROW = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12)


@pytest.fixture
def sheet(teacher, seal):
    """Numbers 2 to 5 for tomorrow; 1 was used before and 6 after."""
    with clock.set_at(MORNING):
        use(teacher, seal)
        sheet = models.reserve_numbers(seal, by=teacher, count=4, for_day=TOMORROW)
        use(teacher, seal)
    return sheet


def at(hour):
    return datetime(2026, 11, 24, hour)


def settle(sheet, by, *rows, reason="未用完", moment=NOON):
    with clock.set_at(moment):
        return models.settle_reservation(sheet, by=by, rows=rows, void_reason=reason)


def lines(year=2026):
    return list(SealUse.select().where(SealUse.year == year).order_by(SealUse.number))


def test_live_numbers_go_on_behind_the_sheet(sheet, teacher, seal):
    assert (sheet.year, sheet.first, sheet.last, sheet.count) == (2026, 2, 5, 4)
    assert [line.number for line in lines()] == [1, 6]
    assert models.open_reservations(models.this_desk()) == [sheet]
    with clock.set_at(MORNING):
        second = models.reserve_numbers(seal, by=teacher, count=2, for_day=TOMORROW)
    assert (second.first, second.last) == (7, 8)
    assert models.verify().faults == []


def test_every_number_becomes_a_line(sheet, teacher, second_teacher, seal):
    settle(
        sheet,
        second_teacher,
        row(4, at(10), copies=3, students=["2023110001"], handler="王芳"),
        row(3, at(9), refused_reason="没有签字"),
    )
    assert [line.number for line in lines()] == [1, 2, 3, 4, 5, 6]
    unused, refusal, used, tail = lines()[1:5]
    assert (used.copies, used.students, used.used_at) == (3, ["2023110001"], at(10))
    assert (used.sealer_name, used.handler_name) == ("李老师", "王芳")
    assert (refusal.refused_reason, refusal.copies) == ("没有签字", 0)
    assert [line.late_entry for line in lines()] == [False, *[True] * 4, False]
    for line in (unused, tail):
        assert (line.is_void, line.void_reason) == (True, "未用完")
        assert (line.copies, line.impressions, line.sealer_name) == (0, 0, "")
    # In a ledger of the day the sheet is whole.
    assert (unused.used_at, tail.used_at) == (at(9), at(10))
    assert {line.entered_at for line in lines()[1:5]} == {NOON}
    assert {line.reservation_uid for line in lines()[1:5]} == {sheet.uid}
    sheet = SealReservation.get()
    assert (sheet.used, sheet.settler_name, sheet.settled_at) == (2, "何老师", NOON)
    assert models.open_reservations(models.this_desk()) == []
    assert models.verify().faults == []
    with refused("已经补录"):
        settle(sheet, teacher)


def test_a_sheet_that_was_not_needed_is_voided_on_its_day(sheet, teacher):
    settle(sheet, teacher, reason="没有停电", moment=NOON + timedelta(days=9))
    assert {line.used_at for line in lines()[1:5]} == {at(0)}


def test_a_sheet_settled_before_its_day_is_voided_now(sheet, teacher):
    settle(sheet, teacher, reason="印错", moment=MORNING + timedelta(hours=1))
    assert {line.used_at for line in lines()[1:5]} == {MORNING + timedelta(hours=1)}


def test_a_sheet_over_new_year_keeps_the_year_it_was_printed_in(teacher, seal):
    with clock.set_at(datetime(2026, 12, 31, 17)):
        sheet = models.reserve_numbers(
            seal, by=teacher, count=2, for_day=date(2027, 1, 1)
        )
    with clock.set_at(datetime(2027, 1, 1, 9)):
        assert use(teacher, seal).number == 1
    settle(
        sheet,
        teacher,
        row(1, datetime(2027, 1, 1, 8)),
        moment=datetime(2027, 1, 1, 12),
    )
    assert [(u.number, u.used_at.year) for u in lines(2026)] == [(1, 2027), (2, 2027)]
    assert [line.number for line in lines(2027)] == [1]
    assert models.verify().faults == []


@pytest.mark.parametrize(
    "rows, words",
    [
        ([row(1, at(9))], "第 1 号：不在这张断电表上（2 到 5 号）"),
        ([row(6, at(9))], "第 6 号：不在"),
        ([row(2, at(9)), row(2, at(9))], "第 2 号：填了两次"),
        ([row(2, MORNING - timedelta(seconds=1))], "第 2 号：用印时间要在"),
        ([row(2, NOON + timedelta(seconds=1))], "第 2 号：用印时间要在"),
        ([row(2, at(9)), row(3, at(9), applicant=" ")], "第 3 号：请填写用印人"),
        ([row(2, at(9), document_title="")], "第 2 号：.*空白纸张"),
        ([row(2, at(9), copies=0)], "第 2 号：份数"),
        ([row(2, at(9), approver="")], "第 2 号：请填写批准人"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_copied_in(sheet, teacher, rows, words):
    with refused(words):
        settle(sheet, teacher, *rows)
    assert not SealReservation.get().is_settled


def test_unused_numbers_need_a_reason(sheet, teacher):
    with refused("还有 3 个号没有用"):
        settle(sheet, teacher, row(2, at(9)), reason=" ")
    settle(sheet, teacher, *[row(n, at(9)) for n in range(2, 6)], reason="")


def test_the_sealer_is_whoever_held_the_seal_then(
    sheet, teacher, second_teacher, assistant, seal
):
    with clock.set_at(at(10)):
        hand(seal, teacher, second_teacher, assistant)
    with refused("第 2 号：监印人要是这段时间的保管人（李老师、何老师）"):
        settle(sheet, teacher, row(2, at(9), sealer=assistant))
    settle(
        sheet,
        teacher,
        row(2, at(9)),
        row(3, at(11)),
        # On paper the seal changed hands before the PC was on again.
        row(4, at(9), sealer=second_teacher),
        row(5, at(11), sealer=teacher),
    )
    sealers = [line.sealer_name for line in lines()[1:5]]
    assert sealers == ["李老师", "何老师", "何老师", "李老师"]


def test_the_numbers_of_a_sheet_belong_to_who_held_the_seal(
    sheet, teacher, second_teacher, assistant, seal
):
    with clock.set_at(NOON):  # numbers go by the year
        moved = hand(seal, teacher, second_teacher, assistant)
    assert (moved.first_number, moved.last_number) == (1, 6)


@pytest.mark.parametrize("count", [0, -1, 201])
def test_an_impossible_sheet_is_refused(teacher, seal, count):
    with refused("1 到 200"):
        models.reserve_numbers(seal, by=teacher, count=count, for_day=TOMORROW)


def test_a_sheet_is_for_today_or_later(teacher, seal):
    with clock.set_at(NOON), refused("不能早于今天"):
        models.reserve_numbers(seal, by=teacher, count=1, for_day=MORNING.date())


def test_the_office_prints_and_settles_nothing(sheet, seal):
    office = person("B0001")
    with clock.set_at(NOON), refused("打印断电表由"):
        models.reserve_numbers(seal, by=office, count=1, for_day=TOMORROW)
    with refused("打印断电表由"):
        settle(sheet, office)


def test_a_seal_is_not_handed_in_before_its_sheets_are_copied_in(
    sheet, teacher, assistant, seal
):
    with refused("断电表没有补录"):
        hand(seal, teacher, person("B0001"), assistant, kind="collected")
    settle(sheet, teacher)
    hand(seal, teacher, person("B0001"), assistant, kind="collected")


def test_a_sheet_of_a_stopped_seal_is_still_copied_in(centre, sheet):
    exchange(centre.station, centre.office)
    by = person("B0001")
    models.stop_seal(models.seal_by_name("教务处"), by=by, reason="换章", approver="院")
    exchange(centre.office, centre.station)
    settle(SealReservation.get(), person("T001"), row(2, at(9)))
    assert models.verify().faults == []


def test_it_is_all_or_nothing_whenever_the_power_fails(sheet, teacher, monkeypatch):
    append = models.journal.append
    for survived in range(2):
        left = survived

        def fails(*args, **more):
            nonlocal left
            if not left:
                raise OSError("power cut")
            left -= 1
            append(*args, **more)

        with monkeypatch.context() as broken:
            broken.setattr(models.journal, "append", fails)
            with pytest.raises(OSError, match="power cut"):
                settle(SealReservation.get(), teacher, row(2, at(9)))
        assert [line.number for line in lines()] == [1, 6]
        assert models.verify().faults == []
    settle(SealReservation.get(), teacher, row(2, at(9)))
    assert [line.number for line in lines()] == [1, 2, 3, 4, 5, 6]


def test_verify_names_a_sheet_that_is_not_whole_and_a_number_given_twice(
    sheet, teacher
):
    db.execute_sql("UPDATE seal_use SET number = 3 WHERE number = 6")
    whats = {fault.what for fault in models.verify().faults}
    assert "用印编号有重复" in whats
    db.execute_sql("UPDATE seal_use SET number = 6 WHERE number = 3")
    settle(sheet, teacher)
    db.execute_sql("UPDATE seal_use SET reservation_uid = '' WHERE number = 3")
    whats = {fault.what for fault in models.verify().faults}
    assert "断电表没有逐号补录" in whats
