"""Measure finding at 1,000,000 visits against the same at 100 and 10,000.

    python bench/finding.py                  100, 10,000 and 1,000,000 visits
    python bench/finding.py --keep FOLDER    keep the databases and use them again

Each database is a desk's, encrypted, with rows and journal as `write_new` writes them
(about five years of one centre: 20,000 students, 60 services, notes of a sentence).
The questions are asked in turns, as the page asks them: `find_visits` through peewee,
50 rows a page.  Quote p99 and the ratio between the sizes, never a time alone.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from conftest import found_small_centre

import models
from models import Service, Visit, searchindex
from models.finding import find_visits

SIZES = (100, 10_000, 1_000_000)
CHUNK = 5_000
STUDENTS = 20_000
FIRST = datetime(2021, 9, 1, 8)
MINUTES = 5 * 365 * 24 * 60

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许"
    "韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲宇浩晨雨欣佳怡子涵梓萱博俊"
)
CLASSES = ("软件", "会计", "护理", "数媒")
MATTERS = (
    *("成绩单打印", "在读证明", "学籍异动", "免修申办", "缓考申请", "补办学生证"),
    *("助学贷款", "奖学金咨询", "宿舍调换", "水电报修", "医保登记", "户口迁移"),
    *("社团场地", "党员材料", "就业协议", "档案查询", "课程重修", "转专业申请"),
    *("四六级报名", "图书证解冻"),
)
NOTES = (
    *("材料齐全，当场办理", "已告知需补交家长签字", "电话通知本人领取", ""),
    *("请辅导员核实后再来", "系统无法登录，改为手工办理", "本人委托同学代办", ""),
    *("已转相关部门处理", "领取回执，三个工作日后取件", "照片不合格，请重拍", ""),
)


def fill(count: int) -> None:
    """*count* visits in the open database, newest last, with notes and names."""
    by = models.person_signing_in("2024110201")
    desk = models.this_desk()
    chance = random.Random(count)
    people = [
        (
            f"{2019 + n % 6}{n:06d}",
            chance.choice(SURNAMES)
            + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2)))),
            f"{chance.choice(CLASSES)}{19 + n % 6}{n % 12 + 1:02d}",
        )
        for n in range(STUDENTS)
    ]
    # Services are used unevenly: the last one hardly ever.
    weights = [1 / (n + 1) for n in range(len(MATTERS))]
    weights[-1] = 0.0004
    visits = _visits(count, desk, people, weights, chance)
    while rows := [visit for visit, _ in zip(visits, range(CHUNK), strict=False)]:
        with models.transaction():
            Visit.write_new(rows, by=by)


def _visits(
    count: int, desk: models.Desk, people: list, weights: list, chance: random.Random
) -> Iterator[Visit]:
    outcomes = ("done", "promised", "notified", "enquiry", "referred", "refused")
    picked = chance.choices(range(len(MATTERS)), weights, k=count)
    of_day: dict[date, int] = {}
    for n in range(count):
        arrived = FIRST + timedelta(minutes=MINUTES * n // count, seconds=n % 60)
        of_day[arrived.date()] = in_day = of_day.get(arrived.date(), 0) + 1
        number, name, class_name = chance.choice(people)
        outcome = chance.choices(outcomes, (70, 10, 8, 8, 3, 1))[0]
        promised = outcome in ("promised", "referred")
        is_open = promised and n > count - max(20, count // 500)
        yield Visit(
            number=f"{desk.prefix}{arrived:%Y%m%d}-{in_day:03d}",
            desk_uid=desk.uid,
            desk_name=desk.name,
            arrived_at=arrived,
            student_number=number,
            visitor_name=name,
            class_name=class_name,
            service_uid=f"service{picked[n]}",
            service_name=MATTERS[picked[n]],
            service_kind="instant",
            outcome=outcome if is_open or not promised else "done",
            first_receiver_uid="",
            first_receiver_name="王芳",
            handler_uid="",
            handler_name="王芳",
            finished_at=None if is_open else arrived,
            result=chance.choice(NOTES),
            note=f"回执 {n:07d}" if n % 3 == 0 else "",
            is_void=n % 97 == 0,
        )


def questions(count: int) -> dict[str, Callable[[int], object]]:
    """What is asked; the argument counts the turns and varies what is typed."""
    desk = models.this_desk()
    rare, common = (
        Service(uid=f"service{n}", name=MATTERS[n]) for n in (len(MATTERS) - 1, 0)
    )
    newest = [visit.number for visit in find_visits(limit=200).rows]
    middle = FIRST + timedelta(minutes=MINUTES // 10)
    month = date(2023, 3, 1), date(2023, 3, 31)

    def typed(*texts: str, **more: Any) -> Callable[[int], object]:
        return lambda turn: find_visits(texts[turn % len(texts)], **more)

    return {
        "first page": lambda turn: find_visits(),
        "first page, desk": lambda turn: find_visits(desk=desk),
        "deep page": lambda turn: find_visits(after=(middle, "")),
        "deep page of a text": lambda turn: find_visits("证明", after=(middle, "")),
        "number": lambda turn: find_visits(newest[turn % len(newest)]),
        "number, beginning": typed("JW2022", "JW202303", "2024", "JW"),
        "number, tail": typed("001", "012", "-003", "45"),
        "student number": lambda turn: find_visits(f"2021{turn * 6 + 2:06d}"),
        "student, beginning": typed("2021", "20210", "202400", "2"),
        "name, 1 character": typed(*SURNAMES[:25]),
        "name, 2 characters": typed("张伟", "李娜", "卢萱", "王梓", "曾涛", "伟芳"),
        "name, 3 characters": typed("张伟强", "李子涵", "王浩宇", "卢博俊"),
        "initials": typed("zw", "lzh", "cst", "zt", "qq", "w", "wzx"),
        "text": typed("家长签字", "手工办理", "照片", "三个工作日", "办"),
        "text, one receipt": lambda turn: find_visits(f"{turn * 37 % count:07d}"),
        "no hit": typed("龘", "生学明在", "zzzzz", "JW1999", "证明证明", "张龘"),
        "no hit of common words": typed(
            "成绩单打印 在读证明", "证明 成绩", "王 李 张 刘", "2019 2020 在读"
        ),
        "service, rare": typed("", service=rare),
        "service, common": typed("", service=common),
        "service, deep": typed("", service=common, after=(middle, "")),
        "status open": typed("", status="open"),
        "status void": typed("", status="void"),
        "refused, rare service": typed("", status="refused", service=rare),
        "combined": typed("张", "李 软件", "zw", service=common, desk=desk),
        "combined, a month": typed(
            "王", "已", "软件", first=month[0], last=month[1], status="done"
        ),
    }


def ask(turns: int) -> dict[str, tuple[float, float]]:
    """Median and p99 in ms of each question, asked in turns."""
    asked = questions(Visit.select().count())
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(turns):
        for name, question in asked.items():
            started = time.perf_counter()
            question(turn)
            spent[name].append((time.perf_counter() - started) * 1e3)
    return {
        name: (sorted(times)[turns // 2], sorted(times)[turns * 99 // 100])
        for name, times in spent.items()
    }


def measure(root: Path, turns: int) -> None:
    found = {}
    for count in SIZES:
        folder = root / str(count)
        if not folder.exists():
            found_small_centre(folder)
            models.open_database(folder / "jiaowu")
            fill(count)
        models.open_database(folder / "jiaowu")
        left, started = searchindex.backlog(), time.perf_counter()
        size = (folder / "jiaowu" / "desk.db").stat().st_size
        searchindex.catch_up()
        spent = time.perf_counter() - started
        if left:
            rate = left / spent
            print(f"{count:,} visits: index {spent:.1f} s, {rate:,.0f} entries/s")
        models.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        grown = (folder / "jiaowu" / "desk.db").stat().st_size - size
        print(f"database {size >> 20} MiB, index {grown >> 20} MiB more")
        found[count] = ask(turns)
        models.close_database()
    print(
        f"{'p50 / p99 in ms':26}", *(f"{count:>17,}" for count in SIZES), " p99 ratio"
    )
    for name in found[SIZES[0]]:
        cells = [f"{found[n][name][0]:8.2f} {found[n][name][1]:8.2f}" for n in SIZES]
        ratio = found[SIZES[2]][name][1] / found[SIZES[1]][name][1]
        print(f"{name:26}", *cells, f"{ratio:9.1f} x")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    if arguments.keep:
        measure(arguments.keep.absolute(), arguments.turns)
    else:
        with tempfile.TemporaryDirectory() as made:
            measure(Path(made), arguments.turns)
