"""What a timetable's words say: weekday, class periods, teaching weeks.

Each reader takes a cell as a spreadsheet gives it and returns what it says in full,
or raises `Unusable` with what has to be corrected: none reads a part of it only.
"""

import re
from datetime import date, datetime, time
from typing import Any

from exports.roster.cells import Unusable, plain_text
from models.terms import MOST_PERIODS, MOST_WEEKS
from models.timetables import LONGEST_NAME

DASH = r"\s*(?:[-‐‑‒–—―−~〜]+|至|到)\s*"

_HAN_RUN = re.compile("[一二三四五六七八九十]+")
_HAN_NUMBER = re.compile("二十|十[一二三四五六七八九]?|[一二三四五六七八九]")
_HAN_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}
_WEEKDAY = re.compile("(?:星期|礼拜|周)?([一二三四五六日天1-7])")

_EVERY = {"", "全", "每周", "全周", "全部", "所有周", "全学期", "单双周", "all"}
_ODD, _EVEN = frozenset("单奇"), frozenset("双偶")
_LONGEST_TEXT = 200
_PARITY_ALONE = re.compile(r"[(\[{]?([单双奇偶])数?周?[)\]}]?")
_WEEK_ITEM = re.compile(
    r"第?(\d{1,3})周?(?:-第?(\d{1,3}))?"
    r"(周)?(?:[(\[|/]*([单双奇偶全])数?周?[)\]]*)?(周)?"
)
_WHOLE_FLOAT = re.compile(r"(?<![\d.])(\d+)\.0+(?!\d)")
_CLOCK_TIMES = re.compile(
    rf"[(\[]?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:{DASH}\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?[)\]]?"
)
PARTS_OF_DAY = ("上午", "早上", "中午", "下午", "晚上", "晚间", "晚")
_PART_OF_DAY = re.compile(f"^({'|'.join(PARTS_OF_DAY)})")
# A morning has four class hours, so the fifth is the first that can be later.
_FIRST_AFTERNOON_PERIOD = 5


def text_of(cell: object) -> str:
    """The cell's text without blanks; refuses what a spreadsheet took for a date."""
    if isinstance(cell, date | datetime):
        raise Unusable(
            "“1-2”这样的内容被表格软件改成了日期，请把这一列设为“文本”格式后重新填写"
        )
    if isinstance(cell, bool):
        raise Unusable("内容不是文字或数字，请核对")
    text = "" if isinstance(cell, time) else plain_text(cell)
    if len(text) > _LONGEST_TEXT:
        raise Unusable("内容太长，请核对是否有引号不成对或错列")
    text = _WHOLE_FLOAT.sub(r"\1", text.replace(" ", ""))
    if re.fullmatch(r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}", text):
        raise Unusable(
            f"“{text}”是日期，多半是“1-2”这样的内容被表格软件改了，"
            "请把这一列设为“文本”格式后重新填写"
        )
    return text


def weekday(cell: object) -> int:
    """0 for Monday to 6; written 1 to 7, 周一, 星期日, 天."""
    text = text_of(cell)
    if not text:
        raise Unusable("缺少星期，请补上")
    found = _WEEKDAY.fullmatch(text)
    if found is None:
        raise Unusable(f"星期“{text}”看不懂，请写成“星期一”到“星期日”或 1 到 7")
    return _WEEKDAYS[found[1]]


def weeks(cell: object) -> Any:
    """ "all", "odd", "even" or a list of teaching weeks, as a lesson keeps them."""
    text = _bare_weeks(text_of(cell))
    if text in _EVERY:
        return "all"
    if alone := _PARITY_ALONE.fullmatch(text):
        return "odd" if alone[1] in _ODD else "even"
    items = [_WEEK_ITEM.fullmatch(item) for item in re.split(r"[,、;]", text)]
    if not all(items):
        raise Unusable(
            f"周次“{text}”看不懂，请写成“1-16周”“1-16周(单)”“单周”或“1,3,5-9周”"
        )
    found = [_weeks_of(item) for item in items if item]
    _refuse_shared_parity([item for item in items if item], text)
    return sorted(set().union(*found))


def _bare_weeks(text: str) -> str:
    text = text.lower().replace("(周)", "周")
    if text[:1] + text[-1:] in ("()", "[]", "{}") and not re.search(
        r"[)\]}].*[(\[{]", text
    ):
        text = text[1:-1]
    text = re.sub(DASH, "-", text.removeprefix("周次").removeprefix(":"))
    # 单1-15周 and 单周:1-15 say the same as 1-15周(单).
    if prefixed := re.fullmatch(r"\(?([单双])周?\)?[:]?\(?(第?\d[^,、;]*?)\)?", text):
        text = f"{prefixed[2]}({prefixed[1]})"
    return _with_numerals(text)


def _weeks_of(item: re.Match[str]) -> set[int]:
    first = int(item[1])
    last = int(item[2] or first)
    if not 1 <= first <= MOST_WEEKS or not 1 <= last <= MOST_WEEKS:
        raise Unusable(f"周次“{item[0]}”不在第 1 到 {MOST_WEEKS} 周之内，请核对")
    if last < first:
        raise Unusable(f"周次“{item[0]}”前后颠倒，请核对")
    kept = {week for week in range(first, last + 1) if _has_parity(week, item[4])}
    if not kept:
        raise Unusable(f"周次“{item[0]}”里一周也没有，请核对单双周")
    return kept


def _has_parity(week: int, parity: str | None) -> bool:
    if parity in _ODD:
        return week % 2 == 1
    return week % 2 == 0 if parity in _EVEN else True


def _refuse_shared_parity(items: list[re.Match[str]], text: str) -> None:
    """1-8,10-16周(单): is 单 meant for both?  Only asked where it matters."""
    parity = items[-1][4]
    if not parity:
        return
    for item in items[:-1]:
        stated = item[3] or item[4] or item[5]
        if not stated and any(
            not _has_parity(week, parity) for week in _weeks_of(item)
        ):
            raise Unusable(
                f"周次“{text}”看不出“{parity}”指哪几段，"
                f"请每段写明，如“1-8周({parity}),10-16周({parity})”"
            )


def periods(cell: object) -> list[tuple[int, int]]:
    """The runs of periods, first and last: 1-2节, 第1、2节, [0102], 第一大节 (1-2)."""
    text = text_of(cell)
    if not text:
        raise Unusable("缺少节次，请补上")
    bare = _CLOCK_TIMES.sub("", text)
    part = _PART_OF_DAY.match(bare)
    bare = _PART_OF_DAY.sub("", bare)
    double = "大节" in bare
    bare = _with_numerals(re.sub(r"[()\[\]{}]|第|[小大]?节次?", "", bare))
    bare = re.sub(DASH, "-", bare).strip(",-")
    if not re.fullmatch(r"\d+(?:[-,、;]\d+)*", bare):
        raise Unusable(f"节次“{text}”看不懂，请写成“1-2节”“第3节”或“第一大节”")
    numbers = _double_periods(_numbers(bare)) if double else _numbers(bare)
    if not all(1 <= number <= MOST_PERIODS for number in numbers):
        raise Unusable(f"节次“{text}”不在 1 到 {MOST_PERIODS} 之内，请核对")
    if part and part[1] not in ("上午", "早上") and not double:
        if min(numbers) < _FIRST_AFTERNOON_PERIOD:
            raise Unusable(f"节次“{text}”请按全天连续编号填写，如下午从第 5 节起")
    return _runs(numbers)


def _with_numerals(text: str) -> str:
    """一 to 二十 in digits; 一二 are two numbers."""
    return _HAN_RUN.sub(
        lambda run: ",".join(map(_value, _HAN_NUMBER.findall(run[0]))), text
    )


def _value(numeral: str) -> str:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return str(_HAN_DIGITS[numeral])
    return str(10 * (2 if tens else 1) + _HAN_DIGITS.get(ones, 0))


def _numbers(text: str) -> list[int]:
    numbers: list[int] = []
    for item in re.split("[,、;]", text):
        # 01-02-03 names each period, 1-3 only the ends.
        ends = [number for part in item.split("-") for number in _pairs(part)]
        if ends != sorted(ends):
            raise Unusable(f"节次“{text}”前后颠倒，请核对")
        if ends[-1] > MOST_PERIODS:
            raise Unusable(f"节次“{text}”不在 1 到 {MOST_PERIODS} 之内，请核对")
        numbers += range(ends[0], ends[-1] + 1) if "-" in item else ends
    return numbers


def _pairs(text: str) -> list[int]:
    """0102 is how some systems write 1 and 2."""
    if len(text) >= 4 and len(text) % 2 == 0:
        return [int(text[at : at + 2]) for at in range(0, len(text), 2)]
    return [int(text[:6])]


def _double_periods(numbers: list[int]) -> list[int]:
    return [period for n in numbers for period in (2 * n - 1, 2 * n)]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def runs_of(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch are one."""
    return _runs([number for a, b in spans for number in range(a, b + 1)])


def course(cell: object) -> str:
    text = plain_text(cell).strip("★☆●○▲△■□◆◇*# ")
    if not text:
        raise Unusable("缺少课程名称，请补上")
    if len(text) > LONGEST_NAME:
        raise Unusable(f"课程名称超过 {LONGEST_NAME} 个字，请核对是否错列")
    return text
