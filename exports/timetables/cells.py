"""The lessons in one cell of a grid, and a class time written in one phrase.

Teaching systems print a lesson as lines, or with ◇ or / between the parts, in many
orders: 高等数学 / 1-16周(单) / 张老师 / A301, or 高等数学◇(1-2节)1-8,10-16周◇…
Weeks and periods are recognized wherever they stand; the course comes first.
"""

import re
from typing import Any, NamedTuple

from exports.roster.cells import Unusable, plain_text
from exports.timetables import words
from exports.timetables.words import DASH

_NUMBER = r"(?<![\d.:])\d{1,2}(?![\d.:])"
_HAN = "[一二三四五六七八九十]"
# Unbracketed 单 counts only before 周 or at an end: 单片机 and 双语 are courses.
_PARITY = (
    r"(?:\s*[(\[]\s*[单双奇偶]数?\s*周?\s*[)\]]|\s*[|/]?\s*[单双]周"
    r"|\s*[|/]?\s*[单双](?![\u4e00-\u9fff]))"
)
_RANGE = rf"第?\s*{_NUMBER}(?:\s*周?{DASH}第?\s*{_NUMBER})?"
_MORE = rf"(?:\s*周?{_PARITY}?\s*[,、]\s*{_RANGE})*"
_WEEKS = re.compile(
    rf"{_RANGE}{_MORE}\s*(?:周次?|\(周\)){_PARITY}?"
    rf"|{_RANGE}{_MORE}{_PARITY}"
    rf"|第{_HAN}+(?:{DASH}第?{_HAN}+)?周{_PARITY}?"
    rf"|[(\[]\s*[单双]\s*周?\s*[)\]]|(?<![\u4e00-\u9fff])[单双]周"
)
_PERIODS = re.compile(
    rf"[(\[]?\s*第?\s*\d{{1,10}}(?:(?:\s*节?{DASH}第?\s*|\s*[,、]\s*)\d{{1,2}})*"
    r"\s*[小大]?节\s*[)\]]?"
    r"|[(\[]\s*\d{1,2}(?:-\d{1,2})+\s*[)\]]\s*节|\[\d{1,2}(?:-\d{1,2})*\]"
    rf"|[(\[](?:\d\d){{1,5}}[)\]]\s*节|第(?:{_HAN}|、)+(?:{DASH}第?{_HAN}+)?[小大]?节"
)
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天])(?=\s*(?:第|[\d(\[{,]|$))")
# Something about weeks or periods that was not understood.
_LEFT_OVER = re.compile(
    rf"\d\s*[)\]]?\s*(?:周|节)|第(?:{_HAN}|[、至到-])+\s*[周节]|周次|节次"
    r"|(?<!单)[单双]周(?!期)|[(\[]\s*[单双]\s*[)\]]"
    r"|^\s*\d{1,2}(?:[-–~,]\d{1,2})+\s*$"
)
_ORNAMENT = " ()[]{}|/,;:、◇◆★☆●○▲△■□*#-—"
# How long a lesson is, not when: 周三{第1-16周|3节/周}.
_LENGTH = re.compile(r"\d{1,2}\s*节\s*(?:/周|连上|连堂|连)")
_LONGEST_CELL = 2_000
_LONGEST_PHRASE = 200
_RULE = re.compile(r"\s*[-—=_*]{3,}\s*")
_UNDIVIDED = (
    "一格里有几段内容，看不出怎样分成几门课，"
    "请给每门课写上周次，各门课之间空一行，课程名称写在最前"
)


class When(NamedTuple):
    """What a phrase says of time; None where it says nothing."""

    weekday: int | None
    periods: list[tuple[int, int]] | None
    weeks: Any
    before: str
    after: str

    @property
    def is_said(self) -> bool:
        return self[:3] != (None, None, None)


class CellLesson(NamedTuple):
    name: str
    when: When


def when_in(phrase: str) -> When:
    """The weekday, periods and weeks in *phrase*, with the text on either side."""
    text = _LENGTH.sub(" ", plain_text(phrase))
    if len(text) > _LONGEST_PHRASE:
        raise Unusable("一行里的内容太长，不像课程，请核对")
    found: list[re.Match[str]] = []

    def take(pattern: re.Pattern[str]) -> str | None:
        nonlocal text
        match = pattern.search(text)
        if match is None:
            return None
        found.append(match)
        # The same length, so that places stay comparable.
        blank = "\0" * len(match[0])
        text = text[: match.start()] + blank + text[match.end() :]
        return match[0]

    day, weeks, periods = take(_WEEKDAY), take(_WEEKS), take(_PERIODS)
    _refuse_left_over(text, phrase)
    if weeks:
        _refuse_count(weeks, text, phrase)
    begins = min((match.start() for match in found), default=len(text))
    ends = max((match.end() for match in found), default=len(text))
    return When(
        None if day is None else words.weekday(day),
        None if periods is None else words.periods(periods),
        None if weeks is None else words.weeks(weeks),
        # 大学英语(2) keeps its bracket, 高等数学(1-16周) leaves none.
        text[:begins].lstrip(_ORNAMENT).rstrip(_ORNAMENT.replace(")", "")),
        text[ends:].strip(_ORNAMENT),
    )


def _refuse_left_over(text: str, phrase: str) -> None:
    if any(_LEFT_OVER.search(part) for part in text.split("\0")):
        shown = plain_text(phrase)
        raise Unusable(f"“{shown}”里的周次或节次看不懂，请写成“1-16周(单)”“1-2节”")


def _refuse_count(weeks: str, text: str, phrase: str) -> None:
    """认识实习2周 lasts two weeks; only on its own is 2周 the second week."""
    if re.fullmatch(r"\d{1,2}\s*周", weeks) and text.strip("\0" + _ORNAMENT):
        raise Unusable(
            f"“{plain_text(phrase)}”看不出是第几周还是几周，请写成“第2周”或“1-2周”"
        )


def lessons_in(cell: object) -> list[CellLesson]:
    """The lessons a cell of the grid names; none when it is blank."""
    if not plain_text(cell).strip(_ORNAMENT + "无"):
        return []
    if not isinstance(cell, str):
        raise Unusable(f"“{plain_text(cell)}”不是课程，请核对是否错列")
    if len(cell) > _LONGEST_CELL:
        raise Unusable("一格里的内容太长，不像课程，请核对")
    blocks = _blocks(cell)
    if len(blocks) == 1:
        return _lessons_of(blocks[0])
    if not all(any(piece.is_said for piece in block) for block in blocks):
        raise Unusable(_UNDIVIDED)
    return [lesson for block in blocks for lesson in _lessons_of(block)]


def _blocks(cell: str) -> list[list[When]]:
    """Pieces of text, divided at blank lines and ruled lines."""
    blocks: list[list[When]] = [[]]
    for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not plain_text(line) or _RULE.fullmatch(line):
            blocks.append([])
            continue
        pieces = [piece for piece in re.split("[◇◆]", line) if plain_text(piece)]
        blocks[-1] += map(when_in, pieces)
    return [block for block in blocks if block]


def _lessons_of(pieces: list[When]) -> list[CellLesson]:
    pieces = _with_joined_times(pieces)
    marks = [at for at, piece in enumerate(pieces) if piece.is_said]
    if len(marks) <= 1:
        return [_lesson(pieces)]
    # Several lessons without a gap: each must have its time in the same place.
    size, rest = divmod(len(pieces), len(marks))
    if rest or any(mark != marks[0] + at * size for at, mark in enumerate(marks)):
        raise Unusable(_UNDIVIDED)
    return [
        _lesson(pieces[first : first + size]) for first in range(0, len(pieces), size)
    ]


def _with_joined_times(pieces: list[When]) -> list[When]:
    """A line of weeks and a line of periods below each other are one time."""
    joined: list[When] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before and before.is_said and piece.is_said and not piece.before:
            if (both := _both(before, piece)) is not None:
                joined[-1] = both
                continue
        joined.append(piece)
    return joined


def _both(one: When, other: When) -> When | None:
    """One time of two, unless both say the same kind of thing."""
    for mine, theirs in zip(one[:3], other[:3], strict=True):
        if mine is not None and theirs is not None:
            return None
    return When(
        other.weekday if one.weekday is None else one.weekday,
        one.periods or other.periods,
        other.weeks if one.weeks is None else one.weeks,
        one.before,
        other.after,
    )


def _lesson(pieces: list[When]) -> CellLesson:
    when = next((piece for piece in pieces if piece.is_said), pieces[0])
    names = [piece.before for piece in pieces if piece.before]
    # 1-16周 高等数学 A301: the time stands before the course.
    if not names and when.after:
        names = re.split(r"[\s/|:]+", when.after)[:1]
    if not names:
        raise Unusable("只写了时间，没有课程名称，请补上")
    return CellLesson(words.course(names[0]), when)
