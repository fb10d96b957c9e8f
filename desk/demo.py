"""The sample college: an office and six desks that work some days.

Everything goes through the same operations as in the window, at a clock that is set;
the people are invented.
"""

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

import models
from desk.sampleday import work_day
from exports.ledgers import LEDGERS, export_ledger
from exports.roster import import_roster
from exports.sync import enrolment, share, sync, sync_state
from models import (
    Attendance,
    Handover,
    Person,
    UserError,
    Visit,
    clock,
)
from models.calendar import is_published_working_day
from models.progress import Report
from models.seal_uses import SealUse

ROSTER = Path(__file__).parent.parent / "tests" / "samples" / "roster.xlsx"

TEACHERS = "周敏 吴国强 郑晓燕 王建华 冯丽 陈志远 褚文静 卫东升".split()
SECOND_TEACHERS = "蒋玉兰 沈卫平 韩雪梅 杨立新 朱海燕 秦少华 尤美玲 许永康".split()
ASSISTANTS = (
    "曾雨桐 单子涵 仇思远 查梦琪 翟浩然 覃诗雨 何俊杰 吕欣怡 施宇轩 张可馨 孔令辉 "
    "曹雅静 严明哲 华诗涵 金泽宇 魏佳怡 陶梓萱 姜一鸣 戚若曦 谢天宇 邹雨欣 喻文博 "
    "柏思琪 水清扬"
).split()


def make_demo(
    root: Path, *, days: int, visits: int, seed: int, report: Report
) -> dict[str, object]:
    """Build and work the sample college in *root*; returns the summary.

    *visits* is the number of visits of all six desks together on one working day.
    """
    if days < 1 or visits < 0:
        raise UserError("天数至少为 1，来访数不能为负数。")
    if root.exists() and any(root.iterdir()):
        raise UserError(f"文件夹“{root}”不是空的，请换一个文件夹。")
    root = root.absolute()
    chance, worked = random.Random(seed), working_days(days)
    total = len(worked) * 6 + 8
    report(0, total, "正在建立样例中心")
    opening = datetime.combine(worked[0] - timedelta(days=1), time(15, 0))
    with clock.set_at(opening):
        found_sample(root, report)
    for at, day in enumerate(worked):
        for place, plan in enumerate(models.centre.DESKS):
            code = plan.code
            report(at * 6 + place + 2, total, f"{day:%m月%d日} {plan.name}")
            share_of_day = visits // 6 + (place < visits % 6)
            models.open_database(root / "stations" / code)
            work_day(day, share_of_day, chance)
            with clock.set_at(datetime.combine(day, time(17, 30))):
                sync()
        with clock.set_at(datetime.combine(day, time(17, 45))):
            sync_at(root / "office")
    report(total - 4, total, "正在收取回执")
    with clock.set_at(datetime.combine(worked[-1], time(18, 0))):
        return conclude(root, worked)


def codes() -> list[str]:
    return [plan.code for plan in models.centre.DESKS]


def working_days(count: int) -> list[date]:
    """The last *count* working days before today, oldest first."""
    found, day = [], clock.today()
    while len(found) < count:
        day -= timedelta(days=1)
        if is_published_working_day(day):
            found.append(day)
    return found[::-1]


def sync_at(folder: Path) -> None:
    models.open_database(folder)
    sync()


def found_sample(root: Path, report: Report) -> None:
    """Office, roster, people, seals, and six stations let in."""
    root.mkdir(parents=True, exist_ok=True)
    shared = root / "share"
    enrolment.found_centre(
        root / "office",
        share_folder=shared,
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
    marker = share.read_marker(shared)
    for code in codes():
        desk = models.desk_by_code(code)
        folder = root / "stations" / code
        models.close_database()
        enrolment.join_centre(
            folder,
            share_folder=shared,
            marker=marker,
            name=f"{desk.name} 1 号机",
            key_in_file=True,
        )
        models.open_database(root / "office")
    let_in(office)
    sync()
    for code in codes():
        sync_at(root / "stations" / code)


def let_in(office: Person) -> None:
    """Approve the six requests, each at the desk its name begins with."""
    for request in enrolment.requests():
        desk = next(d for d in models.desks() if request.name.startswith(d.name))
        enrolment.approve(request, desk=desk, by=office)


def add_staff(office: Person) -> None:
    """Two teachers and the seal for each department, four assistants for each desk."""
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
    for at, name in enumerate(ASSISTANTS):
        desk = models.desks()[at // 4]
        models.add_person(
            by=office,
            number=f"20241102{at + 1:02d}",
            name=name,
            role=models.PersonRole.ASSISTANT,
            department=models.departments_of(desk)[0],
            card=f"70{at + 1:08d}",
            class_name="勤工助学",
        )


def counts_by_station() -> dict[str, dict[str, int]]:
    """For each desk's station, the rows of the four records in the open database."""
    names = {desk.uid: desk.code for desk in models.desks()}
    counts: dict[str, dict[str, int]] = {}
    for station in models.stations():
        counts[names[station.desk_uid]] = {
            title: model.select().where(model.station == station.station_uid).count()
            for title, model in (
                ("visits", Visit),
                ("seal_uses", SealUse),
                ("attendances", Attendance),
                ("handovers", Handover),
            )
        }
    return counts


def conclude(root: Path, worked: list[date]) -> dict[str, object]:
    """Fetch the receipts, count on both sides, and export the ledgers."""
    stations, confirmed, unconfirmed = {}, 0, 0
    for code in codes():
        sync_at(root / "stations" / code)
        stations[code] = counts_by_station()[code]
        state = sync_state()
        confirmed += state.confirmed
        unconfirmed += state.published + state.waiting
    models.open_database(root / "office")
    at_office = counts_by_station().values()
    ledgers = []
    for ledger in LEDGERS:
        path = root / "ledgers" / f"{ledger.title}_{worked[-1]:%Y-%m}.docx"
        path.parent.mkdir(exist_ok=True)
        made = export_ledger(ledger, path, first=worked[0], last=worked[-1])
        ledgers.append(
            {"name": ledger.title, "path": str(made.path), "rows": made.rows}
        )
    return {
        "stations": stations,
        "office": {
            key: sum(counts[key] for counts in at_office)
            for key in ("visits", "seal_uses", "attendances", "handovers")
        },
        "confirmed": confirmed,
        "unconfirmed": unconfirmed,
        "ledgers": ledgers,
    }
