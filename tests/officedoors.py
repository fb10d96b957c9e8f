"""The doors of daily management: time, people, the catalogue, attendance and pay."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from doors import (
    ABOUT,
    CHIEF,
    LATER,
    NOW,
    SOON,
    TODAY,
    department,
    door,
    other_desk,
    service,
)
from sealing import add_teacher, person

import models
from exports.backup.plan import change_plan
from exports.roster import import_roster
from exports.sync import enrolment
from exports.sync.officekeys import export_office_keys
from exports.timetables import import_timetables
from models.alarms import AlarmKind, open_alarms, raise_alarm
from models.erasure import erase_person, erase_record
from models.localsettings import change_idle_minutes, change_share
from models.permissions import Operation as Op
from models.pins import reset_pin, reset_screen_pin, set_screen_pin
from models.retention import set_retention
from models.settling import settle_alarm_of, settle_conflict, settle_file
from models.stations import revoke, stations
from models.troubles import Conflict, open_files, quarantine

PASSPHRASE = "窗口 台账 九月 银杏"
BASIS = {"basis": "会议纪要"}
MONTH = date(2026, 10, 1)

# -- attendance, plans, pay ----------------------------------------------------


@door("handovers.hand_over", Op.HAND_OVER)
def _():
    return lambda by: models.hand_over(by=by)


@door("handovers.take_over", Op.TAKE_OVER)
def _():
    waiting = models.hand_over(by=person("2024110203"))
    return lambda by: models.take_over(waiting, by=by)


@door("corrections.request_correction", Op.CORRECTION_REQUEST, about=ABOUT)
def _():
    came = models.Attendance.get(
        (models.Attendance.person_uid == person(ABOUT).uid)
        & (models.Attendance.checked_in_at > NOW - timedelta(hours=2))
    )
    ended = came.checked_in_at + timedelta(minutes=30)
    said = {"attendance": came, "new_in": came.checked_in_at, "new_out": ended}
    return lambda by: models.request_correction(by=by, reason="忘记签退", **said)


@door(
    "reviews.decide",
    Op.ATTENDANCE_REVIEW,
    about=ABOUT,
    unless="在办公室的电脑上",
    instead="自己的考勤",
)
def _():
    asked = models.Correction.get()
    return lambda by: models.decide(asked, by=by, approved=True)


@door(
    "reviews.decide",
    Op.ATTENDANCE_REVIEW,
    "office",
    about=ABOUT,
    instead="自己的考勤",
)
def _():
    asked = models.Correction.get()
    return lambda by: models.decide(asked, by=by, approved=True)


def _begin(by):
    return models.new_plan(
        by=by,
        desk=models.desk_by_code("jiaowu"),
        department=department(),
        starts_on=SOON,
        ends_on=LATER,
    )


def _keep(plan, by):
    line = {"weekday": 0, "weeks": "all", "from": "08:00", "to": "10:00", "b": []}
    line["a"] = models.who(person(ABOUT))
    return models.save_plan(plan, by=by, shifts=[line])


@door("plans.new_plan", Op.PLAN_EDIT, "jiaowu", "office")
def _():
    return _begin


@door("plans.save_plan", Op.PLAN_EDIT, "jiaowu", "office")
def _():
    plan = _begin(person(CHIEF))
    return lambda by: _keep(plan, by)


@door("plans.submit_plan", Op.PLAN_EDIT, "jiaowu", "office")
def _():
    plan = _keep(_begin(person(CHIEF)), person(CHIEF))
    return lambda by: models.submit_plan(plan, by=by)


def _submitted():
    plan = _keep(_begin(person(CHIEF)), person(CHIEF))
    return models.submit_plan(plan, by=person(CHIEF))


@door("plan_decisions.accept_plan", Op.PLAN_DECIDE, "office")
def _():
    plan = _submitted()
    return lambda by: models.accept_plan(plan, by=by)


@door("plan_decisions.return_plan", Op.PLAN_DECIDE, "office")
def _():
    plan = _submitted()
    return lambda by: models.return_plan(plan, by=by, reason="缺 B 岗")


@door("timetables.save_timetable", Op.TIMETABLE_EDIT, "jiaowu", "office")
def _():
    said = {"term": models.terms()[0], "lessons": []}
    return lambda by: models.save_timetable(person(ABOUT), by=by, **said)


@door(
    "timetables.importing.import_timetables",
    Op.TIMETABLE_EDIT,
    *("jiaowu", "office"),
    unless="文件",
)
def _():
    term = models.terms()[0]
    return lambda by: import_timetables("none.xlsx", by=by, term=term)


@door("pay.approve_month", Op.PAY, "office")
def _():
    return lambda by: models.approve_month(MONTH, by=by)


@door("pay.decide_excess", Op.PAY, "office", unless="没有超出上限")
def _():
    said = {
        "month": MONTH,
        "person_uids": [person(ABOUT).uid],
        "choice": models.Excess.REFUSED,
    }
    said |= {"note": "超时"}
    return lambda by: models.decide_excess(by=by, **said)


@door("pay.reopen_month", Op.PAY, "office")
def _():
    month = models.approve_month(MONTH, by=person(CHIEF))
    return lambda by: models.reopen_month(month, by=by, reason="漏计")


@door("pay.close_month", Op.PAY, "office")
def _():
    month = models.approve_month(MONTH, by=person(CHIEF))
    return lambda by: models.close_month(month, by=by)


@door("pins.reset_pin", Op.PIN_RESET)
def _():
    return lambda by: reset_pin(person(ABOUT), by=by)


@door("pins.set_screen_pin", Op.SCREEN_PIN)
def _():
    return lambda by: set_screen_pin("250814", by=by)


@door("pins.reset_screen_pin", Op.SCREEN_PIN)
def _():
    return lambda by: reset_screen_pin(by=by)


@door("localsettings.change_share", Op.LOCAL_SETTINGS)
def _():
    return lambda by: change_share("/elsewhere", by=by)


@door("localsettings.change_idle_minutes", Op.LOCAL_SETTINGS)
def _():
    return lambda by: change_idle_minutes("10", by=by)


@door("backup.plan.change_plan", Op.LOCAL_SETTINGS)
def _():
    kept = dict.fromkeys(("days", "weeks", "months", "warn_after"), "3")
    data = Path(tempfile.mkdtemp())
    return lambda by: change_plan(data, by=by, folder="", **kept)


# -- people, stations, roster --------------------------------------------------


@door("people.add_person", Op.PEOPLE, "office")
def _():
    return lambda by: add_teacher(by, "T901", "新老师", "教务处")


@door("people.finish_training", Op.PEOPLE, "office")
def _():
    return lambda by: models.finish_training(person(ABOUT), by=by, on=TODAY)


@door("people.end_service", Op.PEOPLE, "office")
def _():
    return lambda by: models.end_service(person("T002"), by=by)


@door("roster.importing.import_roster", Op.ROSTER, "office", unless="名单|文件")
def _():
    return lambda by: import_roster("none.xlsx", by=by)


@door("sync.enrolment.approve", Op.STATION, "office")
def _():
    request = enrolment.Request(1, "", "s" * 32, "2 号机", "00" * 32, "age1")
    return lambda by: enrolment.approve(request, desk=other_desk(), by=by)


@door("stations.revoke", Op.STATION, "office")
def _():
    lost = next(one for one in stations() if one.kind == "desk")
    return lambda by: revoke(lost, by=by, reason="电脑遗失")


@door("sync.enrolment.replace_station", Op.STATION, "office")
def _():
    lost = next(one for one in stations() if one.kind == "desk")
    new = enrolment.Request(1, "", "n" * 32, "新机", "00" * 32, "age1")
    return lambda by: enrolment.replace_station(lost, new, by=by, reason="坏了")


@door("sync.enrolment.found_share_again", Op.STATION, "office")
def _():
    empty = Path(tempfile.mkdtemp())
    return lambda by: enrolment.found_share_again(empty, by=by)


@door("sync.officekeys.export_office_keys", Op.STATION, "office")
def _():
    sticks = [Path(tempfile.mkdtemp()) for _ in range(2)]
    said = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    return lambda by: export_office_keys(sticks, by=by, **said)


# -- desks and services --------------------------------------------------------


@door("deskchanges.open_desk", Op.CATALOGUE, "office")
def _():
    names = {"code": "zhaoxin", "prefix": "ZX", "name": "招新窗口"}
    said = names | {"departments": [department()], "opens_on": SOON}
    return lambda by: models.open_desk(by=by, **said)


@door("deskchanges.close_desk", Op.CATALOGUE, "office")
def _():
    return lambda by: models.close_desk(other_desk(), by=by, closes_on=LATER, **BASIS)


@door("deskchanges.rename_desk", Op.CATALOGUE, "office")
def _():
    return lambda by: models.rename_desk(other_desk(), by=by, name="学工", **BASIS)


@door("deskchanges.set_department_phone", Op.CATALOGUE, "office")
def _():
    said = {"phone": "0537-1"} | BASIS
    return lambda by: models.set_department_phone(department(), by=by, **said)


@door("deskchanges.set_enquiry_desk", Op.CATALOGUE, "office")
def _():
    desk = other_desk()
    said = {"takes_enquiries": not desk.takes_enquiries} | BASIS
    return lambda by: models.set_enquiry_desk(desk, by=by, **said)


@door("servicechanges.add_service", Op.CATALOGUE, "office")
def _():
    said = {"desk": models.desk_by_code("jiaowu"), "department": department()}
    said |= {"name": "新事项", "kind": "instant"}
    return lambda by: models.add_service(by=by, **said)


@door("servicechanges.change_service", Op.CATALOGUE, "office")
def _():
    said = {"working_days": 7} | BASIS
    return lambda by: models.change_service(service(), by=by, **said)


@door("servicechanges.retire_service", Op.CATALOGUE, "office")
def _():
    said = {"ends_on": LATER} | BASIS
    return lambda by: models.retire_service(service(), by=by, **said)


@door("case_rules.set_case_rules", Op.CASE_RULES, "office")
def _():
    return lambda by: models.set_case_rules(by=by, starts_on=SOON, soon_days=2)


# -- time ----------------------------------------------------------------------


@door("desks.set_rotation", Op.TIME_SETTINGS, "office")
def _():
    units = [department(name) for name in ("党委工作部", "团委")]
    said = {"starts_on": SOON, "every": "week", "units": units}
    desk = models.desk_by_code("dangtuan")
    return lambda by: models.set_rotation(desk, by=by, **said)


@door("terms.set_term", Op.TIME_SETTINGS, "office")
def _():
    days = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 7, 1)}
    return lambda by: models.set_term(by=by, name="下学期", **days)


@door("terms.set_period_table", Op.TIME_SETTINGS, "office")
def _():
    table = models.period_tables()[0]
    said = {"first_day": table.first_day, "last_day": table.last_day, "table": table}
    said["periods"] = [{"number": 1, "from": "08:00", "to": "08:45"}]
    return lambda by: models.set_period_table(by=by, name="夏季", **said)


@door("holidays.set_special_day", Op.TIME_SETTINGS, "office")
def _():
    said = {"day": SOON, "kind": "closed", "name": "校庆"}
    return lambda by: models.set_special_day(by=by, **said)


@door("holidays.enter_year", Op.TIME_SETTINGS, "office")
def _():
    said = {"holidays": {date(2028, 1, 1): "元旦"}, "workdays": {}}
    return lambda by: models.enter_year(by=by, year=2028, **said)


@door("openings.add_opening", Op.TIME_SETTINGS, "office")
def _():
    said = {"weekday": 6, "from_time": "20:00", "to_time": "21:00"}
    return lambda by: models.add_opening(by=by, desk=other_desk(), **said)


@door("openings.end_opening", Op.TIME_SETTINGS, "office")
def _():
    hours = models.openings_of(other_desk())[0]
    return lambda by: models.end_opening(hours, by=by)


@door("rules.set_rules", Op.TIME_SETTINGS, "office")
def _():
    return lambda by: models.set_rules(by=by, starts_on=SOON, late_grace=7)


# -- what did not come through whole, and personal data ------------------------


@door("settling.settle_file", Op.SETTLE)
def _():
    quarantine("down/all/0001aaaaaaaaaaaa/x.batch", "没有复制完整")
    (file,) = open_files()
    return lambda by: settle_file(file, "noted", by=by, reason="看过")


@door("settling.settle_conflict", Op.SETTLE)
def _():
    said = {"sender": "x", "epoch": "e", "table_name": "visit", "row_uid": "u"}
    conflict = Conflict.create(seq=1, reason="不同", line="{}", **said)
    return lambda by: settle_conflict(conflict, "noted", by=by, reason="看过")


@door("settling.settle_alarm_of", Op.SETTLE)
def _():
    raise_alarm(AlarmKind.FORK, "两份", station="x", about="y")
    alarm = open_alarms()[0]
    return lambda by: settle_alarm_of(alarm, by=by, reason="看过")


@door("erasure.erase_person", Op.ERASE, "office")
def _():
    return lambda by: erase_person("2023110003", by=by, reason="申请")


@door("erasure.erase_record", Op.ERASE, "office")
def _():
    student = models.student_by_number("2023110003")
    return lambda by: erase_record(student, by=by, reason="申请")


@door("retention.set_retention", Op.ERASE, "office")
def _():
    return lambda by: set_retention(by=by, starts_on=SOON, visit_days=1_095)
