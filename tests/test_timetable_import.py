"""Timetables as colleges really keep them, read and taken in by the front door."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

import models
from exports.roster.cells import Unusable
from exports.timetables import import_timetables, read_timetables, words
from exports.timetables.cells import lessons_in
from models import ClassTimetable, Person, UserError
from models.terms import Term, set_term

SAMPLES = Path(__file__).parent / "samples"
HEADINGS = ("学号", "姓名", "星期", "节次", "周次", "课程")
ZENG = ("2024110201", "曾单", "星期一", "1-2节", "1-16周", "高等数学")
WANG = ("2024110202", "王芳", "周五", "3-4", "双周", "体育")
DAYS = ("节次", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@pytest.fixture
def volunteer(office) -> Person:
    return models.person_signing_in("2024110201")


@pytest.fixture
def term(chief: Person) -> Term:
    starts, ends = date(2026, 9, 7), date(2027, 1, 17)
    return set_term(by=chief, name="上学期", starts_on=starts, ends_on=ends)


def xlsx(folder: Path, *rows: Sequence[object], joined: Iterable[str] = ()) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in joined:
        book.active.merge_cells(cells)
    book.save(folder / "课表.xlsx")
    return folder / "课表.xlsx"


def read(folder: Path, *rows: Sequence[object], joined: Iterable[str] = ()):
    return read_timetables(xlsx(folder, *rows, joined=joined))


def lesson(weekday=0, first=1, last=2, weeks="all", name="高等数学") -> dict:
    return {
        "weekday": weekday,
        "first": first,
        "last": last,
        "weeks": weeks,
        "name": name,
    }


def reason(found) -> str:
    assert len(found.rejected) == 1, found.rejected
    return found.rejected[0].reason


def numbers(first: int, last: int, step: int = 1) -> list[int]:
    return list(range(first, last + 1, step))


# Words


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("1-16周", numbers(1, 16)),
        ("第1-16周", numbers(1, 16)),
        ("第1周至第16周", numbers(1, 16)),
        ("1-16周(单)", numbers(1, 16, 2)),
        ("１－１６周（双）", numbers(2, 16, 2)),
        ("1—16(单周)", numbers(1, 16, 2)),
        ("{第1-16周|单周}", numbers(1, 16, 2)),
        ("单1-15周", numbers(1, 15, 2)),
        ("1～8，10～16周", numbers(1, 8) + numbers(10, 16)),
        ("1-8周,10-16周(双)", numbers(1, 8) + numbers(10, 16, 2)),
        ("1、3、5-9", [1, 3, 5, 6, 7, 8, 9]),
        ("第3周", [3]),
        ("第十一周", [11]),
        ("3.0", [3]),
        (3.0, [3]),
        ("单周", "odd"),
        ("（双）", "even"),
        ("", "all"),
        (None, "all"),
        ("每周", "all"),
    ],
)
def test_weeks_are_read_in_every_usual_form(text, weeks):
    assert words.weeks(text) == weeks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x", "看不懂"),
        ("1.5", "看不懂"),
        ("1-16周A301", "看不懂"),
        ("0-3", "1 到 30"),
        ("1-31", "1 到 30"),
        ("9-3周", "颠倒"),
        ("第3周(双)", "一周也没有"),
        ("1-8,10-16周(单)", "指哪几段"),
        (date(2026, 1, 2), "文本"),
        ("1月2日", "文本"),
        (True, "核对"),
        ("1" * 201, "太长"),
    ],
)
def test_weeks_that_are_unclear_are_refused(text, why):
    with pytest.raises(Unusable, match=why):
        words.weeks(text)


WEEKS = st.one_of(
    st.sampled_from(["all", "odd", "even"]),
    st.sets(st.integers(1, 30), min_size=1).map(sorted),
)


@given(WEEKS)
def test_weeks_as_the_program_writes_them_read_back(weeks):
    assert words.weeks(models.weeks_label(weeks)) == weeks


@given(
    first=st.integers(1, 30),
    length=st.integers(1, 29),
    parity=st.sampled_from(["", "(单)", "（双）", "(单周)", "|双周"]),
    dash=st.sampled_from(list("-–—~～－至到")),
    form=st.sampled_from(["{}周", "第{}周", " {} 周", "{}(周)", "第{}周 "]),
)
def test_ranges_of_weeks_read_back_alone_and_in_a_cell(
    first, length, parity, dash, form
):
    last = min(first + length, 30)
    odd = {"单": 1, "双": 0}.get(next((c for c in parity if c in "单双"), ""))
    meant = [w for w in range(first, last + 1) if odd is None or w % 2 == odd]
    text = form.format(f"{first}{dash}{last}") + parity
    if not meant:
        with pytest.raises(Unusable):
            words.weeks(text)
        return
    assert words.weeks(text) == meant
    (found,) = lessons_in(f"单片机原理(2)\n{text}\n周一鸣\n双语楼301")
    assert (found.name, found.when.weeks) == ("单片机原理(2)", meant)


@given(st.text("123-，,、周单双()第节[]一二十大 x", max_size=12))
def test_no_text_is_read_as_weeks_or_periods_that_cannot_be(text):
    for reader, low, high in ((words.weeks, 1, 30), (words.periods, 1, 20)):
        try:
            found = reader(text)
        except Unusable:
            continue
        if isinstance(found, list):
            flat = [
                n for one in found for n in (one if isinstance(one, tuple) else [one])
            ]
            assert flat and all(low <= number <= high for number in flat)


@given(st.text("高数1-16周单双()第节[]\n◇/ 周一 A3", max_size=30))
def test_no_cell_of_a_grid_stops_the_program(text):
    try:
        found = lessons_in(text)
    except Unusable:
        return
    assert all(one.name for one in found)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("1-2", [(1, 2)]),
        ("1-2节", [(1, 2)]),
        ("第1、2节", [(1, 2)]),
        ("[1-2]节", [(1, 2)]),
        ("第１－２节", [(1, 2)]),
        ("[0102]节", [(1, 2)]),
        ("01-02-03节", [(1, 3)]),
        ("3", [(3, 3)]),
        (3.0, [(3, 3)]),
        ("第一大节", [(1, 2)]),
        ("第十一、十二节", [(11, 12)]),
        ("1-2,5-6节", [(1, 2), (5, 6)]),
        ("下午5-6节", [(5, 6)]),
        ("第1节 08:00-08:45", [(1, 1)]),
    ],
)
def test_periods_are_read_in_every_usual_form(text, spans):
    assert words.periods(text) == spans


@pytest.mark.parametrize(
    "text", ["", "0", "21", "2-1", "下午1-2", "08:00", "上课", "1月2日", "9" * 400]
)
def test_periods_that_are_unclear_are_refused(text):
    with pytest.raises(Unusable):
        words.periods(text)


def test_weekdays_are_read_in_every_usual_form():
    texts = ["1", 1.0, "一", "周一", "星期一", "礼拜一", "周１"]
    assert {words.weekday(text) for text in texts} == {0}
    assert {words.weekday(text) for text in ("7", "日", "天", "星期天")} == {6}
    for text in ("0", "8", "", "周八", "周一二"):
        with pytest.raises(Unusable):
            words.weekday(text)


# Lists


def test_the_sample_list_holds_three_students():
    found = read_timetables(SAMPLES / "timetable.csv")
    assert found.rejected == [] and found.unnamed == []
    assert found.lessons_by_number == {
        "2024110201": [
            lesson(weeks=numbers(1, 16)),
            lesson(2, 3, 4, numbers(1, 15, 2), "大学英语"),
        ],
        "2024110202": [
            lesson(4, 5, 6, "even", "体育"),
            lesson(1, 1, 2, [1, 3, 5, 6, 7, 8, 9], "电子商务"),
        ],
        "2024110203": [lesson(6, 9, 10, "all", "选修课")],
    }


def test_headings_may_stand_in_any_order_and_go_by_other_names(tmp_path):
    found = read(
        tmp_path,
        ["某班课表"],
        ["课程名称", "周数", "节", "上课星期", "教师"],
        ["高等数学", "1-4周", "1-2", 1.0, "张老师"],
    )
    assert found.unnamed == [lesson(weeks=[1, 2, 3, 4])]


def test_a_time_in_one_column_is_taken_apart(tmp_path):
    found = read(
        tmp_path,
        ["学号", "课程名称", "上课时间"],
        ["2024110201", "高等数学", "周一第1,2节{第1-4周|单周};周三第3-4节{2-4周}"],
        ["2024110201", "体育", "周五"],
        ["2024110201", "英语", "周五第1-2节 A301"],
    )
    assert found.lessons_by_number["2024110201"] == [
        lesson(weeks=[1, 3]),
        lesson(2, 3, 4, [2, 3, 4]),
    ]
    assert [one.row for one in found.rejected] == [3, 4]


def test_a_column_of_odd_and_even_narrows_the_weeks(tmp_path):
    found = read(
        tmp_path,
        ["课程", "星期", "节次", "周次", "单双周"],
        ["高等数学", "一", "1-2", "1-5", "单"],
        ["高等数学", "一", "1-2", "", "双周"],
        ["高等数学", "一", "1-2", "第2周", "单"],
    )
    assert found.unnamed == [lesson(weeks=[1, 3, 5]), lesson(weeks="even")]
    assert "不一致" in reason(found)


def test_a_number_of_weeks_is_not_taken_for_a_week(tmp_path):
    found = read(
        tmp_path,
        ["课程", "星期", "节次", "周数"],
        ["高等数学", "一", "1-2", "16"],
        ["体育", "一", "3-4", "1-16"],
    )
    assert "共几周" in reason(found) and len(found.unnamed) == 1


def test_a_row_says_all_that_is_wrong_with_it(tmp_path):
    found = read(tmp_path, HEADINGS, ZENG, ("", "曾单", "周八", "x", "y", ""), WANG)
    assert found.rejected[0].row == 3
    for word in ("学号", "星期", "节次", "周次", "课程名称"):
        assert word in reason(found)
    assert list(found.lessons_by_number) == ["2024110201", "2024110202"]


def test_a_number_joined_over_its_lessons_counts_for_each(tmp_path):
    rows = [ZENG, (None, None, "二", 3, "", "体育")]
    found = read(tmp_path, HEADINGS, *rows, joined=["A2:A3", "B2:B3"])
    assert len(found.lessons_by_number["2024110201"]) == 2


def test_periods_that_became_a_date_are_refused(tmp_path):
    when = datetime(2026, 1, 2)
    found = read(tmp_path, HEADINGS, ZENG, (*WANG[:3], when, *WANG[4:]))
    assert "日期" in reason(found)


# Grids


def test_the_sample_grid_is_read_whole():
    found = read_timetables(SAMPLES / "timetable.xlsx")
    assert found.rejected == []
    assert found.lessons_by_number == {
        "2024110201": [
            lesson(weeks=numbers(1, 16)),
            lesson(2, 1, 2, numbers(1, 15, 2), "单片机原理"),
            lesson(0, 3, 4, numbers(1, 8), "大学英语(2)"),
            lesson(0, 3, 4, numbers(9, 16), "大学语文"),
            lesson(4, 3, 4, "even", "体育"),
            lesson(2, 5, 8, numbers(5, 12), "电工实训"),
            lesson(1, 9, 10, [3], "形势与政策"),
        ]
    }
    assert found.passed_over == [(14, "备注:以教务系统为准")]


def test_a_grid_from_a_text_file_is_read_too(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(
            [DAYS, ("第1-2节", "高等数学\n1-4周(单)\n张老师\nA301", "", "-", "无")]
        )
    assert read_timetables(path).unnamed == [lesson(weeks=[1, 3])]


def test_a_lesson_written_in_each_period_is_one(tmp_path):
    rows = [(n, "高等数学\n1-4周") for n in (1, 2)] + [(4, "高等数学\n1-4周")]
    found = read(tmp_path, DAYS, *rows)
    weeks = [1, 2, 3, 4]
    assert found.unnamed == [lesson(weeks=weeks), lesson(0, 4, 4, weeks)]


def test_double_periods_joined_over_two_rows_count_for_both(tmp_path):
    found = read(
        tmp_path,
        DAYS,
        ("第二大节", "单周:高等数学"),
        (None, None, "体育"),
        joined=["A2:A3"],
    )
    assert found.unnamed == [
        lesson(0, 3, 4, "odd"),
        lesson(1, 3, 4, "all", "体育"),
    ]


def test_a_cell_joined_over_days_is_a_lesson_on_each(tmp_path):
    found = read(tmp_path, DAYS, ("1-2", "军训\n第1周"), joined=["B2:D2"])
    assert [one["weekday"] for one in found.unnamed] == [0, 1, 2]


def test_a_day_of_two_columns_loses_neither(tmp_path):
    days = ("节次", "星期一", None, "星期二", "星期三")
    rows = [("1-2", "高等数学", "体育")]
    found = read(tmp_path, days, *rows, joined=["B1:C1"])
    assert [one["weekday"] for one in found.unnamed] == [0, 0]
    without = read(tmp_path, days, *rows)
    assert len(without.unnamed) == 1 and "没有写星期几" in reason(without)


def test_a_break_between_periods_is_no_lesson(tmp_path):
    found = read(tmp_path, DAYS, ("1-2", "体育"), ("中午", "午 休"), ("3-4",))
    assert len(found.unnamed) == 1 and found.rejected == []


@pytest.mark.parametrize(
    ("label", "cell", "why"),
    [
        ("1-2", "高等数学\n1-160周", "看不懂"),
        ("1-2", "高等数学\n1-16", "看不懂"),
        ("1-2", "高等数学\n(3-4节)1-16周", "所在的行"),
        ("1-2", "高等数学\n周三第1,2节{第1-16周}", "所在的列"),
        ("1-2", "高等数学\n\n大学英语", "空一行"),
        ("1-2", "高数\n1-8周\nA301\n9-16周\n英语\nB102", "空一行"),
        ("1-2", "高数\n1-8周\n英语\n9-16周\nB102", "空一行"),
        ("1-2", "认识实习2周", "第2周"),
        ("1-2", "体育(单周) / 英语(双周)", "看不懂"),
        ("1-2", "1-16周", "没有课程名称"),
        ("1-2", 3.0, "不是课程"),
        ("1-2", "长" * 201, "太长"),
        ("1-2", "体育\n" * 1001, "太长"),
        ("其他", "高等数学", "第几节"),
        (datetime(2026, 1, 2), "高等数学", "日期"),
    ],
)
def test_a_cell_that_is_unclear_is_refused_with_its_row(tmp_path, label, cell, why):
    found = read(tmp_path, DAYS, (label, cell), ("5-6", "体育"))
    assert len(found.unnamed) == 1
    assert found.rejected[0].row == 2
    assert why in reason(found) and reason(found).startswith("星期一：")


def test_an_afternoon_that_counts_anew_is_refused(tmp_path):
    top = ("时段", *DAYS)
    rows = [("上午", "1-2", "体育"), ("下午", "1-2", "高等数学")]
    found = read(tmp_path, top, *rows)
    assert len(found.unnamed) == 1 and "连续编号" in reason(found)


# Whole files


@pytest.mark.parametrize(
    "rows",
    [
        [("姓名", "学号"), ("曾单", "2024110201")],
        [HEADINGS],
        [DAYS, ("1-2",)],
        [("x",)],
    ],
)
def test_a_file_without_a_lesson_says_what_is_expected(tmp_path, rows):
    with pytest.raises(UserError, match="学号、星期、节次、周次、课程"):
        read(tmp_path, *rows)


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 99, b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(UserError):
        read_timetables(tmp_path / "a.xlsx")


def test_two_grids_of_nobody_are_not_made_one_persons(tmp_path):
    with pytest.raises(UserError, match="2 张没有写学号"):
        read(tmp_path, DAYS, ("1-2", "体育"), DAYS, ("1-2", "英语"))
    found = read(
        tmp_path,
        ("学号：2024110201",),
        DAYS,
        ("1-2", "体育"),
        ("学号：2024110202",),
        DAYS,
        ("1-2", "英语"),
    )
    assert list(found.lessons_by_number) == ["2024110201", "2024110202"]


# Import


def stored() -> list[tuple]:
    return sorted(
        ClassTimetable.select(
            ClassTimetable.person_number, ClassTimetable.revision
        ).tuples()
    )


def test_a_list_is_taken_in_for_everybody_it_names(chief, term, tmp_path):
    done = import_timetables(SAMPLES / "timetable.csv", by=chief, term=term)
    assert [one.name for one in done.new] == ["曾单", "王芳", "赵六"]
    assert (done.lessons, done.rejected, done.not_found) == (5, [], [])
    assert len(stored()) == 3 and models.verify().faults == []
    zeng = models.timetable_of(done.new[0].uid, term)
    assert zeng is not None and zeng.lessons == [
        lesson(weeks=numbers(1, 16)),
        lesson(2, 3, 4, numbers(1, 15, 2), "大学英语"),
    ]
    again = import_timetables(SAMPLES / "timetable.csv", by=chief, term=term)
    assert len(again.unchanged) == 3 and {one[1] for one in stored()} == {1}
    changed = xlsx(tmp_path, HEADINGS, WANG)
    replaced = import_timetables(changed, by=chief, term=term)
    assert [one.name for one in replaced.replaced] == ["王芳"]
    assert [one[1] for one in stored()] == [1, 2, 1]


def test_a_dry_run_says_the_same_and_stores_nothing(chief, term):
    path = SAMPLES / "timetable.csv"
    dry = import_timetables(path, by=chief, term=term, dry_run=True)
    assert stored() == []
    done = import_timetables(path, by=chief, term=term)
    assert (dry.lessons, len(dry.new)) == (done.lessons, len(done.new))


def test_a_number_that_is_no_assistant_is_refused(chief, term, tmp_path):
    path = xlsx(
        tmp_path, HEADINGS, ZENG, ("2023110001", *WANG[1:]), ("T001", *WANG[1:])
    )
    done = import_timetables(path, by=chief, term=term)
    assert done.not_found == ["2023110001", "T001"]
    assert [one.row for one in done.rejected] == [3, 4]
    assert "不是学生助理" in done.rejected[0].reason
    assert [one.number for one in done.found] == ["2024110201"]


def test_a_number_with_somebody_elses_name_is_refused(chief, term, tmp_path):
    path = xlsx(tmp_path, HEADINGS, ZENG, (WANG[0], "汪方", *WANG[2:]))
    done = import_timetables(path, by=chief, term=term)
    assert "汪方" in done.rejected[0].reason and len(done.new) == 1


def test_a_file_that_names_nobody_needs_somebody_chosen(
    chief, term, volunteer, tmp_path
):
    path = xlsx(tmp_path, DAYS, ("1-2", "高等数学"))
    with pytest.raises(UserError, match="选择是谁的课表"):
        import_timetables(path, by=chief, term=term)
    done = import_timetables(path, by=chief, term=term, person=volunteer)
    assert [one.uid for one in done.new] == [volunteer.uid] and done.lessons == 1


def test_a_file_of_somebody_else_is_not_taken_for_the_one_chosen(
    chief, term, volunteer, tmp_path
):
    path = xlsx(tmp_path, HEADINGS, WANG)
    done = import_timetables(path, by=chief, term=term, person=volunteer)
    assert done.found == [] and "不是曾单的" in done.rejected[0].reason
    assert stored() == []


def test_an_assistant_may_not_import(term, volunteer):
    path = SAMPLES / "timetable.csv"
    with pytest.raises(UserError, match="由老师或中心办公室"):
        import_timetables(path, by=volunteer, term=term, dry_run=True)
