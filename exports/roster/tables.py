"""Tables of cells out of a file somebody brought: .xlsx, .xls, .csv or .txt.

What a file is shows in its first bytes: a tab-separated text called .xls is common.
A workbook is checked before it is read, because the reader behind it trusts sizes and
cell addresses: one stray cell in the last corner of a sheet would ask for 500 GB.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from exports.roster.biff import Encrypted, TooWide, checked
from exports.roster.compound import SIGNATURE, Compound, packed
from models.errors import UserError

Result = TypeVar("Result")

LARGEST_FILE = 64 * 2**20
LARGEST_CONTENT = 32 * 2**20  # unpacked; it takes up to six times as much memory
MOST_ROWS = 200_000
MOST_CELLS = 6_000_000

_SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”后再导入。"
_DAMAGED = f"文件已损坏，读不出内容。{_SAVE_AS}"
_PASSWORD = "文件设了打开密码。请在 Excel 或 WPS 中取消密码并保存，再导入。"
_WORD = "这是 Word 文档。请把其中的表格复制到 Excel 后再导入。"
_TOO_LARGE = (
    f"文件太大。最多 {LARGEST_FILE >> 20} MB、{MOST_ROWS // 10_000} 万行，"
    "请删去多余的工作表、图片和空行，或分成几个文件导入。"
)
_STRAY = "离表格很远的地方还有内容，范围太大。请删去多余的行和列后再导入。"

# Addresses beyond Z99999, and rows and cells whose first attribute is no address.
_FAR = re.compile(rb"""r[ \t\r\n]*=[ \t\r\n]*["'](?:[A-Za-z]{2}|[A-Za-z]?\d{6})""")
_UNADDRESSED = re.compile(rb"""<(?:row|c)(?! r=["'])[\s/>]""")
_ADDRESS = re.compile(rb"""r\s*=\s*["']([A-Za-z]*)(\d*)""")
# Only formatted: Excel writes 16,384 of them for one coloured row.
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*/>")
_UNADDRESSED_CELL = re.compile(rb"<(?:\w+:)?c(?!\s+r\s*=)[\s/>]")
_UNADDRESSED_ROW = re.compile(rb"<(?:\w+:)?row(?!\s+r\s*=)[\s/>]")
# <sst uniqueCount="…">: the reader reserves that much at once.
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*\+?\d+\s*["']""")
_BREAKING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError)


@dataclass(frozen=True)
class Table:
    """One sheet; `rows[0]` is the file's row 1.  A text file has no name."""

    name: str
    rows: list[Sequence[object]]
    # Cells joined into one: (first row, last row, column), counted from 0.
    joined: list[tuple[int, int, int]] = field(default_factory=list)
    # Cells joined over columns: (row, first column, last column), counted from 0.
    across: list[tuple[int, int, int]] = field(default_factory=list)


def read_tables(path: str | Path) -> Iterator[Table]:
    """Each visible sheet in turn; `UserError` when the file cannot be used."""
    content = _content_of(Path(path))
    if content.startswith(b"PK"):
        yield from _sheets(_checked_package(content))
    elif content.startswith(SIGNATURE):
        yield from _sheets(_checked_compound(content))
    else:
        yield Table("", _text_rows(_decoded(content)))


def _content_of(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise UserError("这是 Excel 打开文件时留下的临时文件，请选择原来的文件。")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UserError(f"没有找到文件“{path.name}”，请核对位置后重选。") from None
    except IsADirectoryError:
        raise UserError("选中的是文件夹，请选择表格文件。") from None
    except PermissionError:
        raise UserError(
            f"打不开“{path.name}”，可能正被 Excel 或 WPS 打开。请关闭它再试。"
        ) from None
    except (OSError, ValueError) as error:
        raise UserError(
            f"读取“{path.name}”失败，请把文件复制到本机后再导入。"
        ) from error
    if not content.strip(b"\0\r\n\t ,;\xef\xbb\xbf"):
        raise UserError("文件是空的，请核对后重选。")
    if len(content) > LARGEST_FILE:
        raise UserError(_TOO_LARGE)
    return content


def _checked_package(content: bytes) -> bytes:
    """The workbook packed anew from parts whose true sizes are known."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            _refuse_other_package(names)
            parts = [
                part
                for part in package.infolist()
                if part.filename.endswith((".xml", ".rels"))
                and not part.filename.startswith(("xl/drawings/", "xl/media/"))
            ]
            if any(part.flag_bits & 1 for part in parts):
                raise UserError(_PASSWORD)
            if sum(part.file_size for part in parts) > LARGEST_CONTENT:
                raise UserError(_TOO_LARGE)
            return _packed(package, parts)
    except (*_BREAKING, NotImplementedError, RuntimeError) as error:
        raise UserError(_DAMAGED) from error


def _packed(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as copy:
        for part in parts:
            # read() stops at the size the directory states, whatever follows.
            content = package.read(part)
            if "/worksheets/" in part.filename and part.filename.endswith(".xml"):
                _refuse_wide(content)
            copy.writestr(part.filename, _COUNT.sub(b'ount="0"', content))
    return packed.getvalue()


def _refuse_other_package(names: list[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise UserError(_WORD)
    if "xl/workbook.bin" in names or "mimetype" in names:
        raise UserError(f"这种表格格式不能导入。{_SAVE_AS}")
    raise UserError(f"这不是 Excel 表格。{_SAVE_AS}")


def _checked_compound(content: bytes) -> bytes:
    """The workbook alone, checked, in a compound file of our own."""
    try:
        file = Compound(content)
        if "EncryptedPackage" in file:
            raise UserError(_PASSWORD)
        if "WordDocument" in file:
            raise UserError(_WORD)
        name = next((name for name in ("Workbook", "Book") if name in file), "")
        if not name:
            raise UserError(f"这不是 Excel 表格。{_SAVE_AS}")
        return packed(checked(file.read(name), MOST_CELLS))
    except Encrypted:
        raise UserError(_PASSWORD) from None
    except TooWide:
        raise UserError(_STRAY) from None
    except (struct.error, *_BREAKING) as error:
        raise UserError(_DAMAGED) from error


def _refuse_wide(sheet: bytes) -> None:
    """Refuse a sheet whose outermost cells span more than we can hold."""
    prefixed = b":c" in sheet or b":row" in sheet
    if not (prefixed or _FAR.search(sheet) or _UNADDRESSED.search(sheet)):
        return  # 20,000 rows: 30 ms instead of 250
    # A cell without an address stands right of the one before, a row below it.
    loose = max(len(_UNADDRESSED_CELL.findall(row)) for row in sheet.split(b"</row"))
    columns, rows = {b""}, {b""}
    for column, row in _ADDRESS.findall(_EMPTY_CELL.sub(b"", sheet)):
        if column or loose:
            columns.add(column)
            rows.add(row)
    width = max(map(_column_number, columns)) + loose
    height = max(int(row[:9] or 0) for row in rows)
    height += len(_UNADDRESSED_ROW.findall(sheet))
    if width * height > MOST_CELLS:
        raise UserError(_STRAY)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:6].upper():
        number = number * 26 + letter - 64
    return number


def _sheets(content: bytes) -> Iterator[Table]:
    workbook = _read(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    for sheet in workbook.sheets_metadata:
        if (
            sheet.typ == SheetTypeEnum.WorkSheet
            and sheet.visible == SheetVisibleEnum.Visible
        ):
            yield _read(lambda name=sheet.name: _sheet(workbook, name))


def _sheet(workbook: CalamineWorkbook, name: str) -> Table:
    sheet = workbook.get_sheet_by_name(name)
    rows: list[Sequence[object]] = []
    if sheet.start is not None:
        for row in sheet.iter_rows():
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise UserError(_TOO_LARGE)
    return Table(name, rows, _joined_cells(sheet), _joined_columns(sheet))


def _joined_cells(sheet: CalamineSheet) -> list[tuple[int, int, int]]:
    """Merged over several rows.  Columns count from the first one that is used."""
    left = sheet.start[1] if sheet.start else 0
    return [
        (top, bottom, column - left)
        for (top, column), (bottom, _right) in sheet.merged_cell_ranges or ()
        if bottom > top and column >= left
    ]


def _joined_columns(sheet: CalamineSheet) -> list[tuple[int, int, int]]:
    left = sheet.start[1] if sheet.start else 0
    return [
        (row, first - left, last - left)
        for (row, first), (_bottom, last) in sheet.merged_cell_ranges or ()
        if last > first >= left
    ]


def _read(read: Callable[[], Result]) -> Result:
    """Call the reader; whatever it stumbles over, the file is to blame."""
    try:
        return read()
    except UserError:
        raise
    except PasswordError:
        raise UserError(_PASSWORD) from None
    except (CalamineError, *_BREAKING) as error:
        raise UserError(_DAMAGED) from error
    except BaseException as error:
        # Rust code that gives up raises this, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise UserError(_DAMAGED) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            break
    else:
        raise UserError(f"看不出文件的文字编码，或者它不是表格。{_SAVE_AS}")
    if re.match(r"\s*<(?:!doctype|html|head|meta|table|\?xml|\?mso)", text, re.I):
        raise UserError(f"这是网页格式的表格（教务系统常这样导出）。{_SAVE_AS}")
    return text


def _text_rows(text: str) -> list[Sequence[object]]:
    """Rows of delimited text, by the delimiter that its first lines use most."""
    opening = text[:20_000]
    delimiter = max(",\t;，", key=opening.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Sequence[object]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise UserError(_TOO_LARGE)
    except csv.Error as error:
        raise UserError(
            f"第 {reader.line_num} 行附近的引号不成对，读不下去。{_SAVE_AS}"
        ) from error
    return rows
