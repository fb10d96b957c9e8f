"""Templates of slips: put in, chosen by rank, and refused when something is wrong."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from templates import changed, saved, template

import models
from exports.slips import check_template, copy_template, read_template
from exports.slips.drawing import draw
from exports.slips.slips import BUILT_IN
from exports.sync import sync
from models import clock
from models.errors import UserError
from models.slip_contents import MOST_BYTES
from models.slip_fields import fields_of
from models.slip_templates import (
    SlipKind,
    SlipTemplate,
    put_template,
    template_for,
    templates,
)

README = Path(__file__).parent.parent / "README.md"
GOOD = template("编号：{{ 编号 }}", "{{ 来访人 }}")
KIND = SlipKind.NOTICE


def put(by, department=None, content=GOOD, name="告知单.docx", kind=KIND):
    return put_template(
        by=by, kind=kind, department=department, file_name=name, content=content
    )


@pytest.fixture
def jiaowu(station):
    return models.department_by_name("教务处")


def test_a_departments_template_comes_before_the_offices_and_that_before_the_built_in(
    centre,
):
    models.open_database(centre.office)
    chief = models.person_signing_in("B0001")
    assert template_for(KIND, "") is None
    for_all = put(chief, content=template("全部 {{ 编号 }}"))
    sync()
    models.open_database(centre.station)
    sync()
    department = models.department_by_name("教务处")
    assert template_for(KIND, department.uid) == for_all
    own = put(models.person_signing_in("T001"), department)
    assert template_for(KIND, department.uid) == own
    assert template_for(KIND, "another") == for_all
    assert template_for(SlipKind.REFUSAL, department.uid) is None
    assert templates() == [for_all, own]


def test_every_change_is_a_version_and_the_newest_holds(teacher, jiaowu):
    later = template("第二版 {{ 编号 }}")
    with clock.set_at(datetime(2026, 11, 23, 9)):
        first, second = put(teacher, jiaowu), put(teacher, jiaowu, content=later)
    assert (first.version, second.version) == (1, 2)
    held = template_for(KIND, jiaowu.uid)
    assert held is not None and held.document == later
    assert (held.author_name, held.department_name) == ("李老师", "教务处")


def test_nothing_put_in_takes_the_built_in_template_up_again(teacher, jiaowu):
    put(teacher, jiaowu)
    back = put(teacher, jiaowu, content=b"", name="")
    assert (back.version, back.document) == (2, b"")
    assert template_for(KIND, jiaowu.uid) is None and templates() == []
    with pytest.raises(UserError, match="不用恢复"):
        put(teacher, jiaowu, content=b"")
    assert put(teacher, jiaowu).version == 3


def test_the_station_finds_templates_again_after_a_restart(station, teacher, jiaowu):
    put(teacher, jiaowu, name=r"C:\教务\新告知单.DOCX")
    models.open_database(station.station)
    (held,) = templates()
    assert held.file_name == "新告知单.DOCX"
    assert held.document == GOOD and held.kind_label == "一次性告知单"


def test_only_a_department_itself_and_the_office_may_change_its_slips(
    teacher, assistant, jiaowu
):
    other = models.department_by_name("团委")
    for by, department in ((assistant, jiaowu), (teacher, other)):
        with pytest.raises(UserError, match="由本部门的老师或中心办公室办理"):
            put(by, department)
    with pytest.raises(UserError, match="全部部门共用的模板只有中心办公室可以更换"):
        put(teacher)
    chief = models.person_signing_in("B0001")
    with pytest.raises(UserError, match="请在办公室的电脑上更换"):
        put(chief)
    assert SlipTemplate.select().count() == 0


def test_an_unknown_kind_is_refused(teacher, jiaowu):
    with pytest.raises(UserError, match="请选择是哪一种单据"):
        put(teacher, jiaowu, kind="letter")
    with pytest.raises(UserError, match="请选择是哪一种单据"):
        check_template(GOOD, "letter")


def test_unknown_fields_are_named_with_the_nearest_known_ones(teacher, jiaowu):
    bad = template("{{ 编号 }}{{ 来访人名 }}", "{% if 申请人 %}{{ 手机 }}{% endif %}")
    with pytest.raises(UserError) as caught:
        put(teacher, jiaowu, content=bad)
    text = str(caught.value)
    assert "“来访人名”（相近的有：来访人" in text
    assert "“申请人”（相近的有：来访人" in text
    assert "“手机”（相近的有：电话" in text
    assert SlipTemplate.select().count() == 0


def test_fields_in_header_and_table_are_checked_too():
    document = Document()
    document.add_paragraph("{{ 编号 }}")
    document.sections[0].header.paragraphs[0].text = "{{ 校名 }}"
    document.add_table(1, 1).cell(0, 0).text = "{{ 院系 }}"
    with pytest.raises(UserError, match=r"“院系”.*“校名”|“校名”.*“院系”"):
        check_template(saved(document), KIND)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("{{ 来访人.__class__ }}", "“{{ 来访人.__class__ }}”不能用"),
        ("{{ 来访人['x'] }}", "不能用"),
        ("{{ 来访人.upper() }}", "不能用"),
        ("{{ ''.__class__.__mro__ }}", "不能用"),
        ("{{ 来访人|replace('a','b') }}", "不能用"),
        ("{{ 9**99999999 }}", "不能用"),
        ("{{ 来访人 * 99999999 }}", "不能用"),
        ("{{ range }}", "不认识的字段：“range”"),
        ("{{ cycler }}", "不认识的字段：“cycler”"),
        ("{% for x in range(9) %}{{ 编号 }}{% endfor %}", "不能用"),
        ("{% for x in 来访人 %}{{ x }}{% endfor %}", "不能用"),
        ("{% set 编号 = 1 %}", "不能用"),
        ("{% include '/etc/passwd' %}", "不能用"),
        ("{% if 来访人 == '张' %}{% endif %}", "不能用"),
        ("{%r if 来访人 %}", "不能用"),
        ("{{r 来访人 }}", "不能用"),
        ("{% colspan 件数 %}", "不能用"),
        ("{# 说明 #}", "不能用"),
        ("{%- if 来访人 %}{% endif %}", "不能用"),
        ("{{ 来访人 }", "没有成对"),
        ("来访人 }}", "没有成对"),
        ("{% if 来访人 ", "没有成对"),
        ("以{", "没有成对"),
        ("｛｛来访人｝｝", "英文半角"),
        ("{% if 来访人 %}有", "没有配对"),
        ("{% endif %}", "没有配对"),
        ("{% if 学号 %}{% else %}{% else %}{% endif %}", "没有配对"),
        ("{%p if 来访人 %}", "没有配对"),
        ("有{%p if 来访人 %}", "要单独占一个段落"),
        ("{%tr if 来访人 %}", "要单独占一个表格行"),
    ],
)
def test_code_other_than_fields_and_choices_is_refused(code, says):
    for content in (template("{{ 编号 }}", code), split(code)):
        with pytest.raises(UserError) as caught:
            check_template(content, KIND)
        assert says in str(caught.value)


def split(code):
    """Word cuts texts into runs wherever somebody corrected a letter."""
    document = Document()
    paragraph = document.add_paragraph("编号 {{ 编号 }}")
    paragraph = document.add_paragraph()
    for letter in code:
        paragraph.add_run(letter).bold = letter == "_"
    return saved(document)


def test_choices_may_take_away_words_paragraphs_and_rows():
    document = Document()
    for line in (
        "{{ 编号 }}{% if not 学号 %}无{% else %}{{ 学号 }}{% endif %}",
        "{%p if 备注 %}",
        "备注：{{ 备注 }}",
        "{%p else %}",
        "没有备注",
        "{%p endif %}",
    ):
        document.add_paragraph(line)
    table = document.add_table(3, 2)
    table.cell(0, 0).text, table.cell(2, 0).text = "{%tr if 电话 %}", "{%tr endif %}"
    table.cell(1, 1).text = "{{ 电话 }}"
    check_template(saved(document), KIND)


def test_a_choice_across_cells_is_refused():
    document = Document()
    document.add_paragraph("{{ 编号 }}")
    row = document.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "{%p if 电话 %}", "{%p endif %}"
    with pytest.raises(UserError, match="要写在同一处的段落里"):
        check_template(saved(document), KIND)


def with_instruction(code: bytes) -> bytes:
    field = b"<w:p><w:r><w:instrText>%s</w:instrText></w:r></w:p>" % code
    return changed(
        GOOD,
        "word/document.xml",
        lambda part: part.replace(b"<w:sectPr", field + b"<w:sectPr", 1),
    )


NOTES = (
    b'<w:endnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:p><w:r><w:t>{{ %s }}</w:t></w:r></w:p></w:endnotes>" % "编号".encode()
)
TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
FETCHES = (
    b'<Relationship Id="rId99" TargetMode="External" Type="http://schemas.openxml'
    b'formats.org/officeDocument/2006/relationships/image" Target="http://x/y.png"/>'
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "是空的"),
        (b"PK\x03\x04 not a package", "已损坏"),
        (GOOD[: len(GOOD) // 2], "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧的 .doc"),
        (b"%PDF-1.7", "不是 Word 文件"),
        (GOOD + bytes(MOST_BYTES), "不能超过 1 MB"),
        (template("没有字段"), "没有 {{ 编号 }}"),
        (changed(GOOD, "", add={"word/vbaProject.bin": b"x"}), "有宏"),
        (changed(GOOD, "", add={"word/embeddings/a.bin": b"x"}), "有宏或嵌入"),
        (
            changed(
                GOOD, TYPES, lambda x: x.replace(b"document.main", b"template.main")
            ),
            "不是普通的 Word 文档",
        ),
        (
            changed(
                GOOD,
                TYPES,
                lambda x: x.replace(b"vnd.openxmlformats", b"vnd.macroEnabled"),
            ),
            "有宏",
        ),
        (changed(GOOD, "", add={"word/x.xml": bytes(21 << 20)}), "解开以后太大"),
        (changed(GOOD, "word/document.xml", lambda x: x[:900]), "读不出内容"),
        (
            changed(
                GOOD,
                "word/document.xml",
                lambda x: x.replace(
                    b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document', 1
                ),
            ),
            "不是 Word 存出来的",
        ),
        (
            changed(
                GOOD,
                RELATIONS,
                lambda x: x.replace(b"</Relationships>", FETCHES + b"</Relationships>"),
            ),
            "引用了别处的文件",
        ),
        (changed(GOOD, "", add={"word/endnotes.xml": NOTES}), "只能写在正文"),
        (
            changed(GOOD, RELATIONS, lambda x: x.replace(b"UTF-8", b"UTF-0")),
            "读不出内容",
        ),
        (with_instruction(b"DDEAUTO c:\\x"), "Word 域"),
        (with_instruction("{{ 编号 }}".encode()), "普通文字"),
    ],
)
def test_files_that_are_no_good_are_refused_with_what_to_do(
    content, says, teacher, jiaowu
):
    with pytest.raises(UserError) as caught:
        check_template(content, KIND)
    assert says in str(caught.value) and str(caught.value).endswith("。")
    if content:
        with pytest.raises(UserError, match=r"。$"):
            put(teacher, jiaowu, content=content)


def test_a_file_of_another_kind_is_refused_by_its_name(tmp_path, teacher, jiaowu):
    for name in ("模板.docm", "模板.doc", "模板"):
        file = tmp_path / name
        file.write_bytes(GOOD)
        with pytest.raises(UserError, match=r"请选择 Word 的 \.docx 文件"):
            check_template(file, KIND)
        with pytest.raises(UserError, match=r"请选择 Word 的 \.docx 文件"):
            put(teacher, jiaowu, name=name)
    with pytest.raises(UserError, match="打不开文件"):
        read_template(tmp_path / "没有.docx")


@pytest.mark.parametrize("kind", SlipKind)
def test_the_built_in_templates_are_what_the_script_draws_and_pass_the_check(
    kind, station, tmp_path, teacher, jiaowu
):
    copy = copy_template(kind, tmp_path / "模板.docx", department_uid=jiaowu.uid)
    check_template(copy, kind)
    drawn = Document(io.BytesIO(draw(kind)))
    assert Document(str(copy)).element.xml == drawn.element.xml
    assert copy.read_bytes() == (BUILT_IN / f"{kind}.docx").read_bytes()
    assert put(teacher, jiaowu, content=copy.read_bytes(), kind=kind).version == 1


@pytest.mark.parametrize("kind", SlipKind)
def test_the_readme_tells_of_every_field(kind):
    text = README.read_text("utf-8")
    for field, meaning in fields_of(kind).items():
        assert f"| `{field}` | {meaning} |" in text
