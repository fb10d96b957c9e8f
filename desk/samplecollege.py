"""Founding the sample college: office, roster, people, seals, six stations, plans."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import models
from desk import sampleoffice, sampleplan
from exports.roster import import_roster
from exports.sync import enrolment, share, sync
from models import Department, Person, Term, clock
from models.terms import monday_of

ROSTER = Path(__file__).parent.parent / "tests" / "samples" / "roster.xlsx"

TEACHERS = "周敏 吴国强 郑晓燕 王建华 冯丽 陈志远 褚文静 卫东升".split()
SECOND_TEACHERS = "蒋玉兰 沈卫平 韩雪梅 杨立新 朱海燕 秦少华 尤美玲 许永康".split()
ASSISTANTS = (
    "曾雨桐 单子涵 仇思远 查梦琪 翟浩然 覃诗雨 何俊杰 吕欣怡 施宇轩 张可馨 孔令辉 "
    "曹雅静 严明哲 华诗涵 金泽宇 魏佳怡 陶梓萱 姜一鸣 戚若曦 谢天宇 邹雨欣 喻文博 "
    "柏思琪 水清扬"
).split()
# Six more at each desk; at a joint one they belong to its second department.
MORE_ASSISTANTS = (
    "窦雨晴 章思源 云浩宇 苏梓涵 潘逸飞 葛静怡 奚晨曦 范子墨 彭佳琪 郎俊熙 鲁雅婷 "
    "韦博文 昌若彤 马天佑 苗欣妍 凤凯瑞 花语嫣 方嘉懿 俞明轩 任可欣 袁子昂 柳依诺 "
    "酆子轩 鲍诗琪 史宇航 唐梦瑶 费文轩 廉雨泽 岑佳宁 薛浩天 雷思雨 贺俊豪 倪雅琴 "
    "汤子睿 滕语晨 殷若溪"
).split()
# The last of them are in training when the term begins.
IN_TRAINING = 3

# A sample of single days lies in the middle of its term.
WEEKS_BEFORE, WEEKS_AFTER = 11, 6


def codes() -> list[str]:
    return [plan.code for plan in models.centre.DESKS]


def sync_at(folder: Path) -> None:
    models.open_database(folder)
    sync()


def found_sample(
    root: Path, worked: Sequence[date], chance: random.Random, *, starts_term: bool
) -> None:
    """Office, roster, people, seals, six stations let in, and plans in force.

    The days *worked* are the first ones of a term, or lie in the middle of one.
    """
    root.mkdir(parents=True, exist_ok=True)
    enrolment.found_centre(
        root / "office",
        share_folder=root / "share",
        centre_name="沙洲职业工学院“一站式”学生社区服务中心（样例）",
        number="B0001",
        name="顾主任",
        card="9000000001",
        recovery_file=root / "recovery.key",
        key_in_file=True,
    )
    office = models.person_signing_in("B0001")
    import_roster(ROSTER, by=office)
    add_staff(office)
    sampleoffice.set_up(worked[0], by=office)
    terms = _set_terms(worked, office, starts_term=starts_term)
    sampleplan.give_timetables(terms, chance, by=office)
    _join_stations(root)
    let_in(office)
    sync()
    for code in codes():
        sync_at(root / "stations" / code)
        sampleplan.plan_at_desk(terms, worked[0])
        sampleoffice.put_own_template()
        sync()
    sync_at(root / "office")
    sampleplan.file_plans(by=office)
    sync()
    for code in codes():
        sync_at(root / "stations" / code)


def _set_terms(
    worked: Sequence[date], office: Person, *, starts_term: bool
) -> list[Term]:
    monday, until = monday_of(worked[0]), worked[-1]
    if not starts_term:
        monday -= timedelta(weeks=WEEKS_BEFORE)
        # Whoever opens the sample finds the term going on.
        until += timedelta(weeks=WEEKS_AFTER)
    sampleplan.take_turns(monday, by=office)
    return sampleplan.lay_terms(monday, until, by=office)


def _join_stations(root: Path) -> None:
    """Six stations ask to be let in; afterwards the office's database is open."""
    marker = share.read_marker(root / "share")
    for code in codes():
        desk = models.desk_by_code(code)
        models.close_database()
        enrolment.join_centre(
            root / "stations" / code,
            share_folder=root / "share",
            marker=marker,
            name=f"{desk.name} 1 号机",
            key_in_file=True,
        )
        models.open_database(root / "office")


def let_in(office: Person) -> None:
    """Approve the six requests, each at the desk its name begins with."""
    for request in enrolment.requests():
        desk = next(d for d in models.desks() if request.name.startswith(d.name))
        enrolment.approve(request, desk=desk, by=office)


def add_staff(office: Person) -> None:
    """Two teachers and the seal for each department, ten assistants for each desk."""
    for at, department in enumerate(models.departments()):
        keeper, _second = (
            models.add_person(
                by=office,
                number=f"{prefix}{at + 1:03d}",
                name=names[at],
                role=models.PersonRole.TEACHER,
                department=department,
                card=f"{card}{at + 1:08d}",
            )
            for prefix, card, names in (
                ("J", "80", TEACHERS),
                ("K", "81", SECOND_TEACHERS),
            )
        )
        desk = next(
            desk
            for desk in models.desks()
            if department.uid in {d.uid for d in models.departments_of(desk)}
        )
        models.register_seal(by=office, department=department, desk=desk, keeper=keeper)
    posts = [(desk, 0) for desk in models.desks() for _ in range(4)]
    posts += [(desk, -1) for desk in models.desks() for _ in range(6)]
    names = ASSISTANTS + MORE_ASSISTANTS
    for at, (name, (desk, unit)) in enumerate(zip(names, posts, strict=True)):
        department = models.departments_of(desk)[unit]
        learns = at >= len(names) - IN_TRAINING
        add_assistant(office, at + 1, name, department, in_training=learns)


def add_assistant(
    office: Person, at: int, name: str, department: Department, *, in_training: bool
) -> None:
    person = models.add_person(
        by=office,
        number=f"20241102{at:02d}",
        name=name,
        role=models.PersonRole.ASSISTANT,
        department=department,
        card=f"70{at:08d}",
        class_name="勤工助学",
        in_training=in_training,
    )
    if not in_training:
        models.finish_training(person, by=office, on=clock.today())
