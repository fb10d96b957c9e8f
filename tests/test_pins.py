"""PINs for checking in: optional, counted, and kept at the station."""

from datetime import timedelta

import pytest
from duty import at, clock_at

import models
from models import UserError, clock
from models.base import db
from models.pins import (
    Pin,
    check_pin,
    check_screen_pin,
    has_pin,
    has_screen_pin,
    reset_pin,
    reset_screen_pin,
    set_pin,
    set_screen_pin,
)


def wrong(person, times, moment):
    for _ in range(times):
        with clock.set_at(moment), pytest.raises(UserError, match="不对"):
            check_pin(person, "135790")


def test_whoever_set_no_pin_is_asked_for_none(assistant):
    assert not has_pin(assistant)
    check_pin(assistant, "")


def test_a_pin_that_was_set_is_needed_and_full_width_digits_will_do(assistant):
    set_pin(assistant, "250814")
    assert has_pin(assistant)
    check_pin(assistant, "２５０８１４")
    with pytest.raises(UserError, match="请输入签到密码"):
        check_pin(assistant, "")
    with pytest.raises(UserError, match="不对"):
        check_pin(assistant, "250815")


def test_only_a_hash_is_kept(assistant):
    set_pin(assistant, "250814")
    kept = Pin.get().hash
    assert kept.startswith("$argon2id$")
    assert "250814" not in kept


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "", "111111", "234567"])
def test_a_pin_is_six_digits_that_are_not_guessed_at_once(assistant, pin):
    with pytest.raises(UserError):
        set_pin(assistant, pin)
    assert not has_pin(assistant)


def test_changing_a_pin_takes_the_old_one(assistant):
    set_pin(assistant, "250814")
    with pytest.raises(UserError):
        set_pin(assistant, "361925")
    set_pin(assistant, "361925", current="250814")
    check_pin(assistant, "361925")


def test_five_wrong_ones_wait_whatever_the_clock_is_set_to(station, assistant):
    set_pin(assistant, "250814")
    wrong(assistant, 5, at("09:00"))
    for later in (0, 299):
        moment = at("09:00") + timedelta(seconds=later)
        with clock.set_at(moment), pytest.raises(UserError, match="过 5 分钟"):
            check_pin(assistant, "250814")
    models.open_database(station.station)  # a restart forgets nothing
    with clock_at("09:04"), pytest.raises(UserError, match="过 5 分钟"):
        check_pin(assistant, "250814")
    with clock_at("09:05"):
        check_pin(assistant, "250814")


def test_a_clock_that_is_set_back_begins_the_wait_again(
    assistant,
):
    set_pin(assistant, "250814")
    wrong(assistant, 5, at("09:00"))
    with clock_at("08:00"), pytest.raises(UserError, match="过 5 分钟"):
        check_pin(assistant, "250814")
    with clock_at("08:05"):
        check_pin(assistant, "250814")


def test_the_right_one_forgets_the_wrong_ones(assistant):
    set_pin(assistant, "250814")
    for _ in range(3):
        wrong(assistant, 4, at("09:00"))
        with clock_at("09:00"):
            check_pin(assistant, "250814")


def test_a_teacher_of_the_department_resets_a_forgotten_pin(
    station, assistant, other_assistant, teacher
):
    set_pin(assistant, "250814")
    with pytest.raises(UserError, match="本部门的老师"):
        reset_pin(assistant, by=other_assistant)
    reset_pin(assistant, by=teacher)
    assert not has_pin(assistant)


def test_a_pin_never_leaves_the_station(station, assistant):
    set_pin(assistant, "250814")
    (count,) = db.execute_sql(
        "SELECT COUNT(*) FROM journal WHERE payload LIKE '%argon2%'"
    ).fetchone()
    assert count == 0


def test_a_teacher_sets_the_pin_of_the_screens_and_it_is_counted_too(
    station, assistant, teacher
):
    with pytest.raises(UserError, match="还没有设置屏幕密码"):
        check_screen_pin("250814")
    with pytest.raises(UserError, match="老师"):
        set_screen_pin("250814", by=assistant)
    set_screen_pin("250814", by=teacher)
    assert has_screen_pin() and not has_pin(teacher)
    with pytest.raises(UserError, match="6 位数字"):
        set_screen_pin("361925", by=teacher)
    set_screen_pin("361925", by=teacher, current="２５０８１４")
    for typed in ("0009001001", "36192", ""):  # a card is no try
        for _ in range(2):
            with clock_at("09:00"), pytest.raises(UserError, match="6 位数字"):
                check_screen_pin(typed)
    for _ in range(5):
        with clock_at("09:00"), pytest.raises(UserError, match="屏幕密码不对"):
            check_screen_pin("250814")
    models.open_database(station.station)  # a restart forgets nothing
    with clock_at("09:04"), pytest.raises(UserError, match="过 5 分钟"):
        check_screen_pin("361925")
    with clock_at("09:05"):
        check_screen_pin("361925")
    with pytest.raises(UserError, match="老师"):
        reset_screen_pin(by=assistant)
    reset_screen_pin(by=teacher)
    assert not has_screen_pin()
