"""What a printed ledger says of itself, in its footer and for programs."""

import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from lxml import etree

from exports.ledgers.printed import open_printed
from ledgers.records import OTHER_SEAL, SEAL, handover, seal_use, visit
from models import UserError, journal
from models.installation import installation

sys.path.insert(0, str(Path(__file__).parents[1] / "ooxml"))
import ooxml_check

SCHEMA = etree.XMLSchema(etree.parse(str(Path(ooxml_check.HERE) / "wml.xsd")))


DAYS = "期间：2026年11月1日至2026年11月30日"


def footers(path):
    (section,) = Document(str(path)).sections
    return [
        [line.text for line in footer.paragraphs]
        for footer in (section.footer, section.even_page_footer)
    ]


def test_the_footer_of_a_seals_ledger_has_numbers_totals_and_the_journals_head(export):
    for number in (1, 2, 3):
        seal_use(number, copies=2, impressions=3)
    odd, even = footers(export("seal_uses", seal=SEAL).result.path)
    seq, head = journal.tip()
    assert seq == 3
    groups = "-".join(head[at : at + 4].upper() for at in (0, 4, 8, 12))
    assert f"　流水第 3 条 {groups}\t" in odd[0] and odd[0].endswith("\t— 1 —")
    assert even[0].startswith("— 1 —\t校验码 ") and even[0].endswith(groups)
    said = f"{DAYS}　　{SEAL.name}　2026 年第 0001–0003 号，共 3 次 6 份 9 枚"
    assert odd[1] == even[1] == said


def test_several_seals_share_the_footer(export):
    seal_use(1)
    seal_use(1, OTHER_SEAL)
    odd, _ = footers(export("seal_uses").result.path)
    assert odd[1] == (
        f"{DAYS}　　教务处 2026 年第 0001–0001 号、学生处 2026 年第 0001–0001 号，"
        "共 2 次 2 份 2 枚"
    )


def test_the_footer_of_other_ledgers_has_period_and_rows(export):
    visit()
    handover()
    for code in ("visits", "handovers"):
        odd, _ = footers(export(code).result.path)
        numbers = "　　编号：JW20261123-001" if code == "visits" else ""
        assert odd[1] == f"{DAYS}{numbers}　　共 1 条"
        assert "流水第 2 条" in odd[0]


def test_a_program_reads_what_was_chosen_and_where_the_journal_stood(export):
    seal_use(1)
    path = export("seal_uses", seal=SEAL).result.path
    assert ooxml_check.check(path, SCHEMA) == 0
    with open_printed(path) as file:
        proof = file.proof
        rows = [row.cells for row in file.rows()]
    assert (proof.ledger, proof.seal, proof.desk) == ("seal_uses", SEAL.uid, "")
    assert (proof.first, proof.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (proof.station, proof.rows) == (installation().station_uid, 1)
    assert [(head.seq, head.hash) for head in proof.streams] == [journal.tip()]
    assert len(rows) == 3 and rows[1][0] == "2026-0001"


def test_the_parts_are_declared_as_custom_properties(export):
    with ZipFile(export("visits").result.path) as parts:
        types = parts.read("[Content_Types].xml").decode()
        relations = parts.read("_rels/.rels").decode()
        content = parts.read("docProps/custom.xml").decode()
    assert "/docProps/custom.xml" in types
    assert "officeDocument/2006/relationships/custom-properties" in relations
    texts = [element.text for element in etree.fromstring(content.encode()).iter()]
    assert all(len(text or "") <= 255 for text in texts)
    assert "@@" not in content


def rewritten(path, **changes):
    """The package with other parts; None takes one out."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in changes.items():
        parts[name.replace("__", "/").replace("_xml", ".xml")] = change
    with ZipFile(path, "w") as package:
        for name, content in parts.items():
            if content is not None:
                package.writestr(name, content)
    return path


def read(path):
    with open_printed(path) as file:
        return list(file.rows())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11"])
def test_what_is_no_word_file_is_told_apart(tmp_path, content):
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(UserError, match="不是完好的 Word 文件"):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=r"没有文件“a\.docx”"):
        read(tmp_path / "a.docx")


def test_a_truncated_file_is_told(export, tmp_path):
    for number in range(1, 50):
        visit(number)
    path = export("visits").result.path
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 20):
        path.write_bytes(whole[:length])
        with pytest.raises(UserError, match="Word 文件"):
            read(path)


def test_a_damaged_byte_is_told_or_does_no_harm(export):
    for number in range(1, 50):
        visit(number)
    path = export("visits").result.path
    whole = path.read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            read(path)
        except UserError as error:
            assert str(error).endswith("。")


def test_another_word_file_is_no_ledger(tmp_path):
    path = tmp_path / "a.docx"
    Document().save(str(path))
    with pytest.raises(UserError, match="不是本程序导出的台账"):
        read(path)


def test_a_package_without_a_document_is_no_word_file(export):
    path = export("visits").result.path
    with pytest.raises(UserError, match="不是 Word 文件"):
        read(rewritten(path, word__document_xml=None))


def test_a_proof_taken_out_or_damaged_is_told(export):
    path = export("visits").result.path
    with ZipFile(path) as parts:
        content = parts.read("docProps/custom.xml")
    broken = content.replace(b"2026-11-01", b"2026-13-01")
    with pytest.raises(UserError, match="核验信息已损坏"):
        read(rewritten(path, docProps__custom_xml=broken))
    with pytest.raises(UserError, match="更新的程序"):
        newer = content.replace(b'"format":1,', b'"format":2,')
        read(rewritten(path, docProps__custom_xml=newer))
    with pytest.raises(UserError, match="核验信息已被删除"):
        read(rewritten(path, docProps__custom_xml=None))


NESTED = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
SMALL = b'<!ENTITY j "harmless">'
OF_A_FILE = b'<!ENTITY j SYSTEM "file:///etc/hostname">'


@pytest.mark.parametrize("declared", [NESTED, SMALL, OF_A_FILE])
def test_entities_are_refused_and_never_followed(export, declared):
    content = (
        b'<?xml version="1.0"?><!DOCTYPE w [%s]><w:document xmlns:w="http://schemas.'
        b'openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr><w:tc>'
        b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body>"
        b"</w:document>" % declared
    )
    path = export("visits").result.path
    with pytest.raises(UserError, match="不是完好的 Word 文件"):
        read(rewritten(path, word__document_xml=content))
    with pytest.raises(UserError, match="不是完好的 Word 文件"):
        read(rewritten(path, docProps__custom_xml=content))


@pytest.mark.parametrize(
    "filling", [b"<w:p/>", b"<w:p><w:r><w:t>aaaa</w:t></w:r></w:p>"]
)
def test_a_bomb_of_paragraphs_is_stopped_early(export, filling):
    path = export("visits").result.path
    with ZipFile(path) as parts:
        document = parts.read("word/document.xml")
    bomb = document.replace(b"<w:tbl>", filling * 2_000_000 + b"<w:tbl>")
    with pytest.raises(UserError, match="不是完好的 Word 文件"):
        read(rewritten(path, word__document_xml=bomb))
