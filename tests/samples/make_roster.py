"""Make the sample rosters beside this file: invented students, always the same.

    python tests/samples/make_roster.py

`roster.xlsx` has 2,000 students under a title; the demo imports it.  `roster.csv`
(GB18030) and `roster.xls` (numbers stored as numbers) are short.
The telephone numbers are all 138 0000 xxxx, here as filler.
"""

import csv
import io
import random
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

HERE = Path(__file__).parent
SEED = 48
STUDENTS = 2_000
GRADES = (2023, 2024, 2025)
HEADINGS = ("序号", "学号", "姓名", "性别", "二级学院", "专业", "班级", "联系电话")

# Code of the college in the student number, name, (major, short form in the class).
COLLEGES = (
    (
        11,
        "数字化与微电子学院",
        (
            ("计算机网络技术", "网络"),
            ("软件技术", "软件"),
            ("微电子技术", "微电子"),
            ("大数据技术", "大数据"),
        ),
    ),
    (
        12,
        "智能制造学院",
        (
            ("机电一体化技术", "机电"),
            ("数控技术", "数控"),
            ("工业机器人技术", "机器人"),
            ("模具设计与制造", "模具"),
        ),
    ),
    (
        13,
        "经济管理学院",
        (("大数据与会计", "会计"), ("电子商务", "电商"), ("现代物流管理", "物流")),
    ),
    (
        14,
        "建筑工程学院",
        (("建筑工程技术", "建工"), ("工程造价", "造价"), ("建筑室内设计", "室内")),
    ),
    (
        15,
        "纺织服装与艺术设计学院",
        (
            ("现代纺织技术", "纺织"),
            ("服装与服饰设计", "服装"),
            ("数字媒体艺术", "数媒"),
        ),
    ),
    (16, "教育与外语学院", (("学前教育", "学前"), ("商务英语", "商英"))),
)
COMMON = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"
LESS_COMMON = "陆顾钱季瞿施缪殷卞浦邹闵柏窦章云苏潘葛奚范彭郎鲁韦昌苗凤花方俞"
SEVERAL_READINGS = "曾单仇查解区翟覃朴盖乐尹纪任宁华燕过佴乜冼逄员召种"
COMPOUND = ("欧阳", "上官", "尉迟", "司徒", "诸葛", "万俟", "夏侯", "长孙")
GIVEN = (
    "子梓雨欣怡佳思嘉浩宇轩涵睿辰博文俊杰志明晓晨天琪雪婷静怀远书瑶诗乐安宁"
    "可心语彤紫萱若曦沐阳泽楷承恩瑞翔家豪凯锐宏伟建国海涛景行知遥清越舒望岚"
)
RARE = "𠮷㛃䶮𬭎𬣙𫖯𬱖𡐓喆堃甯昇晟赟翀烜玥旻珺"
MINORITY = ("阿依", "买买提", "古丽", "艾力", "帕提", "吐尔", "迪丽", "热依", "努尔")
MINORITY_ENDS = ("努尔", "江", "汗", "木", "夏提", "古丽", "逊", "曼", "提江")


def person_name(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.02:
        first = chance.choice(MINORITY) + chance.choice(MINORITY_ENDS)
        second = chance.choice(MINORITY) + chance.choice(MINORITY_ENDS)
        return f"{first}·{second}"
    if kind < 0.03:
        surname = chance.choice(COMPOUND)
    elif kind < 0.10:
        surname = chance.choice(SEVERAL_READINGS)
    elif kind < 0.30:
        surname = chance.choice(LESS_COMMON)
    else:
        surname = chance.choice(COMMON)
    given = chance.choice(GIVEN)
    if chance.random() < 0.85:
        given += chance.choice(RARE if chance.random() < 0.02 else GIVEN)
    return surname + given


def students(count: int = STUDENTS) -> list[tuple[str, ...]]:
    """Number, name, gender, college, major, class and telephone; by number."""
    chance = random.Random(SEED)
    groups = [
        (grade, code, college, major, short)
        for grade in GRADES
        for code, college, majors in COLLEGES
        for major, short in majors
    ]
    in_college: Counter[str] = Counter()
    in_major: Counter[str] = Counter()
    found = []
    for place in range(count):
        grade, code, college, major, short = groups[place * len(groups) // count]
        prefix, group = f"{grade}{code}", f"{grade % 100}{short}"
        in_college[prefix] += 1
        in_major[group] += 1
        found.append(
            (
                f"{prefix}{in_college[prefix]:04d}",
                person_name(chance),
                chance.choice("男女"),
                college,
                major,
                f"{group}{(in_major[group] + 17) // 18}班",
                f"1380000{place:04d}",
            )
        )
    return found


def workbook_of(rows: list[tuple[str, ...]]) -> Workbook:
    book = Workbook()
    book.properties.creator = "desk"
    book.properties.created = book.properties.modified = datetime(2025, 9, 1)
    sheet = book.active
    sheet.title = "在校学生"
    sheet.append(["沙洲职业工学院在校学生名单（样例，全部为虚构）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet["A1"].font = Font(name="黑体", size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(HEADINGS)
    edge = Border(bottom=Side("thin"))
    for cell in sheet[2]:
        cell.font, cell.border = Font(bold=True), edge
    for place, row in enumerate(rows, 1):
        sheet.append([place, *row])
    for letter, width in zip("ABCDEFGH", (6, 13, 18, 6, 24, 18, 14, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    return book


def save(book: Workbook, path: Path) -> None:
    """Save without the time of day, so that the same rows give the same bytes."""
    written = io.BytesIO()
    book.save(written)
    with (
        zipfile.ZipFile(written) as package,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as copy,
    ):
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/core.xml":
                content = _untimed(content)
            copy.writestr(zipfile.ZipInfo(name, (2025, 9, 1, 0, 0, 0)), content, 8, 9)


def _untimed(core: bytes) -> bytes:
    head, _, rest = core.partition(b"<dcterms:modified")
    stamp, _, tail = rest.partition(b"</dcterms:modified>")
    stamp = stamp[: stamp.index(b">") + 1] + b"2025-09-01T00:00:00Z"
    return head + b"<dcterms:modified" + stamp + b"</dcterms:modified>" + tail


def save_csv(rows: list[tuple[str, ...]], path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for place, row in enumerate(rows, 1):
            writer.writerow([place, *row])


def save_xls(rows: list[tuple[str, ...]], path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("在校学生")
    for column, title in enumerate(HEADINGS):
        sheet.write(0, column, title)
    for place, row in enumerate(rows, 1):
        values = (place, int(row[0]), *row[1:6], int(row[6]))
        for column, value in enumerate(values):
            sheet.write(place, column, value)
    book.save(str(path))


if __name__ == "__main__":
    rows = students()
    save(workbook_of(rows), HERE / "roster.xlsx")
    save_csv(rows[:40], HERE / "roster.csv")
    save_xls(rows[40:80], HERE / "roster.xls")
