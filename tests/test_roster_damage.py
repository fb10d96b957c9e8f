"""Damaged workbooks: refused or read, never the end of the program."""

import csv
import io
import zipfile
from pathlib import Path
from struct import pack_into

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from exports.roster import read_roster
from models.errors import UserError

HEADINGS = ("学号", "姓名", "班级", "学院", "手机")
SAMPLES = Path(__file__).parent / "samples"
OLD_WORKBOOK = (SAMPLES / "roster.xls").read_bytes()
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parts_with_shared_strings() -> dict[str, bytes]:
    """A small workbook with its texts in one table, as Excel writes them."""
    book = Workbook()
    rows = [["名单"], HEADINGS, *[(str(2023110001 + n), f"张{n}") for n in range(9)]]
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A1:E1")
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts = list(dict.fromkeys(text for row in rows for text in row))
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    table = f'<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">'
    parts[STRINGS] = f"{table}{items}</sst>".encode()
    lines = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c r="{letter}{line}" t="s"><v>{texts.index(text)}</v></c>'
            for letter, text in zip("ABCDE", row, strict=False)
        )
        + "</row>"
        for line, row in enumerate(rows, 1)
    )
    head, _, rest = parts[SHEET].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    parts[SHEET] = b"%s<sheetData>%s</sheetData>%s" % (head, lines.encode(), tail)
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'.encode(),
    )
    return parts


PARTS = parts_with_shared_strings()


def packed(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


SMALL = packed(PARTS)


def refusal(folder: Path, content: bytes) -> str:
    (folder / "a.xls").write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_roster(folder / "a.xls")
    return str(caught.value)


def test_the_undamaged_workbooks_are_read(tmp_path: Path):
    (tmp_path / "a.xlsx").write_bytes(SMALL)
    assert len(read_roster(tmp_path / "a.xlsx").rows) == 9
    assert len(read_roster(SAMPLES / "roster.xls").rows) == 40


def test_a_shared_table_of_strings_that_claims_too_many_is_harmless(tmp_path: Path):
    counted = b'uniqueCount="%d"'
    claim = PARTS[STRINGS].replace(counted % 24, counted % 18446744073709551615)
    assert claim != PARTS[STRINGS]
    (tmp_path / "a.xlsx").write_bytes(packed({**PARTS, STRINGS: claim}))
    assert len(read_roster(tmp_path / "a.xlsx").rows) == 9


def test_an_old_workbook_that_claims_a_petabyte_is_refused(tmp_path: Path):
    """The reader behind would end the whole program: hence these are checked."""
    content = bytearray(OLD_WORKBOOK)
    strings = content.index(b"\xfc\0", content.index(b"\x85\0"))
    pack_into("<I", content, strings + 8, 0x7FFF_FFFF)
    assert "损坏" in refusal(tmp_path, bytes(content))

    content = bytearray(OLD_WORKBOOK)
    sizes = content.index(b"\x00\x02\x0e\0")
    pack_into("<IIHH", content, sizes + 4, 0, 0xFFFF_FFFF, 0, 256)
    (tmp_path / "a.xls").write_bytes(content)
    assert len(read_roster(tmp_path / "a.xls").rows) == 40

    content = bytearray(OLD_WORKBOOK)
    cell = content.rindex(b"\xfd\0\x0a\0")
    pack_into("<HH", content, cell + 4, 0xFFFF, 0xFF)
    assert "多余的行和列" in refusal(tmp_path, bytes(content))


def test_an_old_workbook_the_reader_gives_up_on_is_refused(tmp_path: Path):
    interface_end, codepage = b"\xe2\0\0\0", b"\x42\0\0\0"
    content = OLD_WORKBOOK.replace(interface_end, codepage)
    assert content != OLD_WORKBOOK
    assert "损坏" in refusal(tmp_path, content)


def test_an_old_workbook_whose_chain_has_no_end_is_refused(tmp_path: Path):
    content = bytearray(OLD_WORKBOOK)
    table = content.index(bytes.fromhex("01000000 02000000 03000000"))
    pack_into("<I", content, table + 8, 0)  # sector 2 is followed by sector 0
    assert refusal(tmp_path, bytes(content))


FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STARTS = [b"", b"PK\x03\x04", OLD_WORKBOOK[:8], OLD_WORKBOOK[:600], SMALL[:400]]


def read_or_refuse(folder: Path, content: bytes) -> None:
    (folder / "f").write_bytes(content)
    try:
        read_roster(folder / "f")
    except UserError as error:
        assert str(error).endswith("。")


@FUZZ
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=2000))
def test_random_bytes_are_only_ever_refused(tmp_path: Path, start: bytes, rest: bytes):
    read_or_refuse(tmp_path, start + rest)


@FUZZ
@given(
    whole=st.sampled_from([OLD_WORKBOOK, SMALL]),
    places=st.lists(
        st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=8))
    ),
)
def test_damaged_workbooks_are_read_or_refused(
    tmp_path: Path, whole: bytes, places: list[tuple[int, bytes]]
):
    content = bytearray(whole)
    for place, piece in places:
        at = place % len(content)
        content[at : at + len(piece)] = piece
    read_or_refuse(tmp_path, bytes(content))


@FUZZ
@given(
    part=st.sampled_from([SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml"]),
    places=st.lists(
        st.tuples(
            st.integers(0, 9_000),
            st.sampled_from([b"<", b'"', b"99999999", b"-1", b"XFD9", b"\0", b"&#x0;"]),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_damaged_parts_of_a_workbook_are_read_or_refused(
    tmp_path: Path, part: str, places: list[tuple[int, bytes]]
):
    content = bytearray(PARTS[part])
    for place, piece in places:
        at = place % len(content)
        content[at : at + 1] = piece
    read_or_refuse(tmp_path, packed({**PARTS, part: bytes(content)}))


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [*HEADINGS, "2023110001", "张三", "合计", "制表人：张三", "=", "\t"]
    ),
    st.integers(-10, 10**20),
    st.floats(),
    st.booleans(),
)


@FUZZ
@given(rows=st.lists(st.lists(CELLS, max_size=7), max_size=12))
def test_any_table_is_read_with_every_row_accounted_for(
    tmp_path: Path, rows: list[list[object]]
):
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
    (tmp_path / "a.csv").write_bytes(written.getvalue().encode("utf-8", "replace"))
    try:
        roster = read_roster(tmp_path / "a.csv")
    except UserError:
        return
    found = [row.row for row in roster.rows] + roster.repeated
    found += [row for row, _ in roster.rejected] + [
        row for row, _ in roster.passed_over
    ]
    assert len(found) == len(set(found))
    assert len({row.number for row in roster.rows}) == len(roster.rows)
    assert all(row.number and row.name for row in roster.rows)
