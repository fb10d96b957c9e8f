"""A new centre: the six desks, their departments and services, from the policy (P4).

Source: 沙工党〔2023〕48号, section 三.  Names differ inside it (就业办 / 招就处,
信管科 / 信管中心, 学生科 / 学生处): the aliases keep them findable.  Kinds, materials
and working days are not in the policy, and its annex with the opening hours (P31) is
missing: they are usual values the office edits.  Terms it enters itself.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models.base import transaction
from models.desks import Department, Desk, DeskDepartment
from models.openings import OpeningSeason, write_usual_hours
from models.people import Person, PersonRole, add_person
from models.pinyin import initials_of
from models.services import Service, ServiceKind
from models.terms import PeriodTable

INSTANT, PROMISED, ENQUIRY = (
    ServiceKind.INSTANT,
    ServiceKind.PROMISED,
    ServiceKind.ENQUIRY,
)

DEPARTMENTS = {
    "党委工作部": "党务科",
    "团委": "团委办",
    "教务处": "教务科",
    "学生处": "学生科、学工、学生资助中心",
    "招就处": "就业办",
    "信管中心": "信管科",
    "后勤处": "基建物业科",
    "保卫处": "安保科",
}


class DeskPlan(NamedTuple):
    """A desk of the policy; services are (name, kind, department, materials, days)."""

    code: str
    prefix: str
    name: str
    departments: tuple[str, ...]
    services: tuple[tuple[str, ServiceKind, str, str, int], ...]


DESKS = (
    DeskPlan(
        "dangtuan",
        "DT",
        "党团事务窗口",
        ("党委工作部", "团委"),
        (
            ("社团活动组织审批", PROMISED, "团委", "活动申请表、活动方案", 3),
            ("大学生活动中心场馆使用审批", PROMISED, "团委", "场馆使用申请表", 2),
            ("学生活动物资借用申请", INSTANT, "团委", "物资借用申请表", 0),
            ("党团组织关系转接", PROMISED, "党委工作部", "转接申请、介绍信", 5),
            ("入团申请办理", PROMISED, "团委", "入团申请书", 10),
            ("团员证办理", INSTANT, "团委", "一寸照片", 0),
            ("校外勤工助学申办", PROMISED, "团委", "校外勤工助学申请表", 3),
            ("学生社团入团申办", PROMISED, "团委", "社团入团申请表", 5),
            ("院学生会入会咨询", ENQUIRY, "团委", "", 0),
        ),
    ),
    DeskPlan(
        "jiaowu",
        "JW",
        "教务事务窗口",
        ("教务处",),
        (
            ("免修申办", PROMISED, "教务处", "免修申请表、证明材料", 5),
            ("重修申办", PROMISED, "教务处", "重修申请表", 5),
            ("缓考申办", PROMISED, "教务处", "缓考申请表、证明材料", 3),
            ("教务信息平台学生信息更正申办", PROMISED, "教务处", "信息更正申请表", 3),
            ("学籍证明办理", INSTANT, "教务处", "学生证", 0),
            ("学籍异动办理咨询", ENQUIRY, "教务处", "", 0),
            ("退伍复学办理咨询", ENQUIRY, "教务处", "", 0),
            ("选课咨询", ENQUIRY, "教务处", "", 0),
            ("考务咨询", ENQUIRY, "教务处", "", 0),
            ("教材教具申领", INSTANT, "教务处", "教材教具申领单", 0),
            ("转专业政策咨询", ENQUIRY, "教务处", "", 0),
            ("转本政策咨询", ENQUIRY, "教务处", "", 0),
        ),
    ),
    DeskPlan(
        "xuesheng",
        "XS",
        "学生事务窗口",
        ("学生处",),
        (
            ("奖助学金办理咨询", ENQUIRY, "学生处", "", 0),
            ("助学贷款办理咨询", ENQUIRY, "学生处", "", 0),
            ("勤工助学办理咨询", ENQUIRY, "学生处", "", 0),
            ("学费补偿办理咨询", ENQUIRY, "学生处", "", 0),
            ("学生证办理", PROMISED, "学生处", "补办申请表、一寸照片", 5),
            ("火车购票优惠卡办理", PROMISED, "学生处", "学生证", 5),
            ("其他证件办理", PROMISED, "学生处", "申请表、一寸照片", 5),
            ("退住宿咨询办理", PROMISED, "学生处", "退住宿申请表", 3),
        ),
    ),
    DeskPlan(
        "jiuye",
        "JY",
        "就业管理事务窗口",
        ("招就处",),
        (
            ("学生档案建档咨询办理", PROMISED, "招就处", "登记表", 5),
            ("学生档案调档咨询办理", PROMISED, "招就处", "调档函", 5),
            ("派遣政策咨询办理", ENQUIRY, "招就处", "", 0),
            ("毕业生就业政策咨询和服务", ENQUIRY, "招就处", "", 0),
            ("就业岗位信息发布", PROMISED, "招就处", "岗位信息表、营业执照复印件", 2),
            ("就业协议盖章", INSTANT, "招就处", "就业协议书", 0),
            ("毕业生登记表盖章", INSTANT, "招就处", "毕业生登记表", 0),
        ),
    ),
    DeskPlan(
        "xinxi",
        "XG",
        "信息管理事务窗口",
        ("信管中心",),
        (
            ("一卡通业务咨询", ENQUIRY, "信管中心", "", 0),
            ("一卡通报表处理", PROMISED, "信管中心", "报表申请", 2),
            ("一卡通设备报修", PROMISED, "信管中心", "", 2),
            ("宿舍水电充值", INSTANT, "信管中心", "一卡通", 0),
            ("宿舍水电故障报修", PROMISED, "信管中心", "", 1),
            ("违章电器送电处理", PROMISED, "信管中心", "违章处理单", 1),
            ("宿舍闸机信息处理", INSTANT, "信管中心", "一卡通", 0),
            ("今日校园 APP 管理", INSTANT, "信管中心", "", 0),
            ("校园网络故障处理", PROMISED, "信管中心", "", 2),
        ),
    ),
    DeskPlan(
        "houqin",
        "HQ",
        "后勤（保卫）事务窗口",
        ("后勤处", "保卫处"),
        (
            ("物业设施报修咨询", ENQUIRY, "后勤处", "", 0),
            ("物业设施报修接单", PROMISED, "后勤处", "报修地点和内容", 2),
            ("户籍管理", PROMISED, "保卫处", "户口页、申请表", 5),
            ("在校生入伍咨询", ENQUIRY, "保卫处", "", 0),
            ("毕业生入伍咨询", ENQUIRY, "保卫处", "", 0),
            ("失物招领", INSTANT, "保卫处", "", 0),
            ("学生突发事件报警受理", INSTANT, "保卫处", "", 0),
        ),
    ),
)

# Name, first and last day of every year, and the beginnings of its periods.
PERIODS = (
    (
        "夏季作息",
        ("05-01", "09-30"),
        "08:00 08:55 10:00 10:55 14:00 14:55 16:00 16:55 19:00 19:55",
    ),
    (
        "冬季作息",
        ("10-01", "04-30"),
        "08:00 08:55 10:00 10:55 13:30 14:25 15:30 16:25 18:30 19:25",
    ),
)

PERIOD_MINUTES = 45

HOURS = (("08:30", "12:00"), ("13:30", "17:00"))

# The desk most asked for by day has someone in the evening too (错时服务, P17).
EVENING_DESK = "xuesheng"

EVENING = ("18:30", "20:30")

# 非集中服务期间另设咨询台，暂由学工服务窗口受理 (P10).
ENQUIRY_DESK = "xuesheng"


def found_centre(*, number: str, name: str, card: str = "") -> Person:
    """Write the policy's desks, departments and services, and the first person.

    Runs once, in the office's new and empty database, all or nothing.
    """
    with transaction():
        founder = add_person(
            by=None, number=number, name=name, role=PersonRole.OFFICE, card=card
        )
        departments = {}
        for title, aliases in DEPARTMENTS.items():
            departments[title] = Department(name=title, aliases=aliases).write(
                by=founder
            )
        for plan in DESKS:
            _write_desk(plan, departments, founder)
        for title, (first, last), begins in PERIODS:
            PeriodTable(
                name=title, first_day=first, last_day=last, periods=_periods(begins)
            ).write(by=founder)
    return founder


def _periods(begins: str) -> list[dict[str, Any]]:
    starts = [datetime.strptime(text, "%H:%M") for text in begins.split()]
    length = timedelta(minutes=PERIOD_MINUTES)
    return [
        {"number": at, "from": f"{start:%H:%M}", "to": f"{start + length:%H:%M}"}
        for at, start in enumerate(starts, start=1)
    ]


def _hours_of(plan: DeskPlan) -> list[dict[str, Any]]:
    hours: list[dict[str, Any]] = [
        {"weekday": weekday, "from_time": begins, "to_time": ends}
        for weekday in range(5)
        for begins, ends in HOURS
    ]
    if plan.code == EVENING_DESK:
        evening = {"season": OpeningSeason.DUTY, "note": "咨询值班"}
        begins, ends = EVENING
        hours += [
            {"weekday": weekday, "from_time": begins, "to_time": ends, **evening}
            for weekday in range(4)
        ]
    return hours


def _write_desk(
    plan: DeskPlan, departments: dict[str, Department], founder: Person
) -> None:
    desk = Desk(
        code=plan.code,
        prefix=plan.prefix,
        name=plan.name,
        takes_enquiries=plan.code == ENQUIRY_DESK,
    ).write(by=founder)
    for title in plan.departments:
        DeskDepartment(desk_uid=desk.uid, department_uid=departments[title].uid).write(
            by=founder
        )
    for name, kind, title, materials, days in plan.services:
        Service(
            name=name,
            kind=kind,
            desk_uid=desk.uid,
            department_uid=departments[title].uid,
            department_name=title,
            materials=materials,
            working_days=days,
            initials=initials_of(name),
        ).write(by=founder)
    write_usual_hours(desk, _hours_of(plan), by=founder)
