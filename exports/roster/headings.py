"""Which column of a roster holds what, found by its Chinese heading."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from exports.roster.cells import plain_text
from models.errors import UserError

# The earlier a heading stands in its list, the more it is trusted when a table
# has several of them (编号 is only a student number when there is no 学号).
HEADINGS = {
    "number": (
        "学号 学生学号 本人学号 学籍号 学生学籍号 学籍编号 学生编号 学员编号 学工号 "
        "学生证号 学生号 学生证编号 student number studentid 编号"
    ),
    "name": "姓名 学生姓名 学员姓名 本人姓名 真实姓名 中文姓名 名字 学生名字 学生 name",
    "class_name": (
        "班级 班级名称 行政班 行政班级 行政班名称 行政班级名称 所在班级 所属班级 "
        "现班级 现所在班级 就读班级 学生班级 专业班级 专业班 年级班级 班级简称 班 class"
    ),
    "college": (
        "学院 二级学院 学院名称 二级学院名称 所属学院 所在学院 所在二级学院 "
        "所属二级学院 院系 院系名称 所属院系 所在院系 院系部 系部 系部名称 所属系部 "
        "所在系部 系部院 系院 院部 系别 系 院 教学单位 college"
    ),
    "phone": (
        "手机 手机号 手机号码 本人手机 本人手机号 本人手机号码 学生手机 学生手机号 "
        "学生手机号码 移动电话 移动电话号码 本人电话 本人电话号码 本人联系电话 "
        "本人联系方式 学生电话 学生电话号码 学生联系电话 学生联系方式 联系手机 "
        "手机电话 联系电话 联系电话号码 联系方式 联系号码 电话 电话号码 phone mobile"
    ),
}
_FIELDS = {
    heading: (field, rank)
    for field, headings in HEADINGS.items()
    for rank, heading in enumerate(headings.split())
}
_SOUGHT = {
    "number": "学号（或学籍号、学生编号）",
    "name": "姓名",
    "class_name": "班级",
    "college": "学院（或院系、系部）",
    "phone": "手机（或联系电话）",
}
FIELD_NAMES = {
    "number": "学号",
    "name": "姓名",
    "class_name": "班级",
    "college": "学院",
    "phone": "电话",
}
NEEDED = ("number", "name")
# 姓名（必填） is the name, 姓名（拼音） and 手机（家长） are not what we look for.
_BRACKETS = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*[)\]】〕}>》]")
_SOMEBODY_ELSE = re.compile(
    "拼音|英文|曾用|家长|父|母|监护|紧急|亲属|辅导员|班主任|导师|教师|老师|原|旧"
)
_ORNAMENT = re.compile(r"[\s*:;,.。、#★☆※_-]+")
_LATIN_TAIL = re.compile(r"[a-z]+$")


@dataclass(frozen=True)
class Heading:
    """Where the headings stand: `columns` counts from 0, `row` and `last_row` too.

    `row` is the line that names most; a head of two lines ends in `last_row`.
    """

    columns: dict[str, int]
    titles: dict[str, str]
    row: int
    last_row: int


class NoHeading(UserError):
    """No line names what a roster needs; somebody may still say where it stands."""


def field_of(cell: object) -> tuple[str, int] | None:
    """(field, rank) of one heading cell; rank 0 is the heading trusted most."""
    if not isinstance(cell, str) or len(cell) > 60:
        return None
    text = unicodedata.normalize("NFKC", cell).lower()
    for note in _BRACKETS.findall(text):
        if not _SOMEBODY_ELSE.search(note):
            text = text.replace(note, "")
    lines = [_ORNAMENT.sub("", plain_text(line)) for line in text.splitlines()]
    whole = "".join(lines)
    tries = [whole, _LATIN_TAIL.sub("", whole), *re.split(r"[/|或]", whole), *lines]
    return next((_FIELDS[text] for text in tries if text in _FIELDS), None)


def find_heading(rows: Sequence[Sequence[object]], look_at: int = 60) -> Heading:
    """The first row that names both number and name; `NoHeading` if none does."""
    partial: set[str] = set()
    for index, row in enumerate(rows[:look_at]):
        columns = _columns(row)
        if "number" in columns and "name" in columns:
            return _completed(rows, index)
        partial |= columns.keys() & {"number", "name"}
    if partial == {"number"}:
        raise NoHeading("找到了“学号”一列，但没有“姓名”一列，请补上后再导入。")
    if partial == {"name"}:
        raise NoHeading("找到了“姓名”一列，但没有“学号”一列，请补上后再导入。")
    raise NoHeading(
        f"前 {look_at} 行里没有找到表头。请在名单第一行写明各列名称，"
        f"要找的是：{'、'.join(_SOUGHT.values())}；其中学号和姓名必须有。"
    )


def likely_heading(rows: Sequence[Sequence[object]], look_at: int = 60) -> Heading:
    """As `find_heading`; without one, the line that looks most like headings.

    That is the one with the most headings known to us, else the first with several
    texts.  `NoHeading` when there is no such line either.
    """
    try:
        return find_heading(rows, look_at)
    except NoHeading as error:
        complaint = error
    found = {
        index: _columns(row)
        for index, row in enumerate(rows[:look_at])
        if sum(isinstance(cell, str) and bool(plain_text(cell)) for cell in row) > 1
    }
    if not found:
        raise complaint
    index = max(found, key=lambda index: (len(found[index]), -index))
    titles = {name: plain_text(rows[index][at]) for name, at in found[index].items()}
    return Heading(found[index], titles, index, index)


def _columns(row: Sequence[object]) -> dict[str, int]:
    """Best column per field."""
    best: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        if not cell or not (found := field_of(cell)):
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            best[field] = (rank, column)
    return {field: column for field, (_rank, column) in best.items()}


def heading_in_row(row: Sequence[object], index: int) -> Heading | None:
    """The same headings again further down, perhaps in another order."""
    columns = _columns(row)
    if "number" not in columns or "name" not in columns:
        return None
    titles = {field: plain_text(row[column]) for field, column in columns.items()}
    return Heading(columns, titles, index, index)


def _completed(rows: Sequence[Sequence[object]], index: int) -> Heading:
    """Add headings of a two-line table head: cells merged over both lines."""
    row = rows[index]
    columns = _columns(row)
    _refuse_side_by_side(row, columns)
    titles = {field: plain_text(row[column]) for field, column in columns.items()}
    last_row = index
    below = index + 1
    for other in (below, index - 1):
        if not 0 <= other < len(rows):
            continue
        found = _columns(rows[other])
        if other == below and (found.keys() & {"number", "name"} or not found):
            continue
        if other == below and _has_person(rows[other], columns):
            continue
        for field, column in found.items():
            if field not in columns:
                columns[field] = column
                titles[field] = plain_text(rows[other][column])
        last_row = max(last_row, other)
    return Heading(columns, titles, index, last_row)


def _has_person(row: Sequence[object], columns: dict[str, int]) -> bool:
    return any(
        columns[field] < len(row) and plain_text(row[columns[field]])
        for field in ("number", "name")
    )


def _refuse_side_by_side(row: Sequence[object], columns: dict[str, int]) -> None:
    """Two lists printed beside each other would lose every person on the right."""
    for field in ("number", "name"):
        if sum(field_of(cell) == field_of(row[columns[field]]) for cell in row) < 2:
            return
    raise UserError(
        "名单左右并排了两组“学号、姓名”，右边一组会漏掉。请把它们上下接成一组后再导入。"
    )
