"""Make the sample timetables beside this file: invented, always the same.

    python tests/samples/make_timetable.py

`timetable.xlsx` is the grid of one student as a teaching system prints it, with cells
joined over periods; `timetable.csv` (GB18030) is a list of several students.
"""

import csv
from datetime import datetime
from pathlib import Path

from make_roster import save
from openpyxl import Workbook
from openpyxl.styles import Alignment

HERE = Path(__file__).parent
DAYS = "一二三四五六日"
GRID = {
    # First period, last period, weekday: what the cell says.
    (1, 2, 0): "高等数学★\n(1-2节)1-16周/主校区/A301/张老师",
    (3, 4, 0): "大学英语(2)\n1-8周\n李老师\nB102\n\n大学语文\n9-16周\n王老师\nB103",
    (1, 2, 2): "单片机原理◇1-15周(单)◇赵老师◇实训楼204",
    (5, 8, 2): "电工实训\n第5-12周\n钱老师\n实训楼101",
    (3, 4, 4): "体育(双周)",
    (9, 10, 1): "形势与政策\n第3周\n孙老师\n报告厅",
}
LIST = (
    ("2024110201", "曾单", "星期一", "1-2节", "1-16周", "高等数学"),
    ("2024110201", "曾单", "星期三", "第3、4节", "1-15周(单)", "大学英语"),
    ("2024110202", "王芳", "周五", "[0506]", "双周", "体育"),
    ("2024110202", "王芳", "2", "第一大节", "1,3,5-9", "电子商务"),
    ("2024110203", "赵六", "日", "9-10", "", "选修课"),
)


def grid() -> Workbook:
    book = Workbook()
    book.properties.creator = "desk"
    book.properties.created = book.properties.modified = datetime(2026, 9, 1)
    sheet = book.active
    sheet.title = "课表"
    sheet.append(["2026-2027学年第一学期 学生课表"])
    sheet.append(["学号：2024110201    姓名：曾单    班级：24网络1班"])
    sheet.append(["时段", "节次", *(f"星期{day}" for day in DAYS)])
    for period in range(1, 11):
        part = {1: "上午", 5: "下午", 9: "晚上"}.get(period)
        sheet.append([part, period])
    for first, last, column in ((1, 4, 1), (5, 8, 1), (9, 10, 1)):
        _join(sheet, first, last, column)
    for (first, last, day), text in GRID.items():
        cell = sheet.cell(first + 3, day + 3, text)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        _join(sheet, first, last, day + 3)
    sheet.append(["备注：以教务系统为准"])
    return book


def _join(sheet, first: int, last: int, column: int) -> None:
    sheet.merge_cells(
        start_row=first + 3, end_row=last + 3, start_column=column, end_column=column
    )


if __name__ == "__main__":
    save(grid(), HERE / "timetable.xlsx")
    with (HERE / "timetable.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("学号", "姓名", "星期", "节次", "周次", "课程"))
        writer.writerows(LIST)
