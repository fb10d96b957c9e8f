"""Filling templates in: every text as it was typed, every file one that Word opens."""

import io
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import SCHEMA, ooxml_check
from templates import saved, template

from exports.slips import check_template
from exports.slips.filling import _BREAKS, _ILLEGAL, fill
from models import clock
from models.errors import UserError
from models.slip_fields import SLIP_FIELDS
from models.slip_templates import SlipKind


def filled(content: bytes, **fields: str):
    """The document, valid by the schema; fields that are not given are empty."""
    values = dict.fromkeys(SLIP_FIELDS, "") | fields
    file = io.BytesIO(fill(content, values, title="回执 1", author="曾单"))
    assert ooxml_check.check(file, SCHEMA) == 0
    return Document(file)


def shown(text: str) -> str:
    """What stands in a paragraph whose template is a single field."""
    return filled(template("{{ 备注 }}"), 备注=text).paragraphs[0].text


def test_control_characters_are_left_out():
    assert shown("缺\x00\x07\x1b\ufffe表\x0b格\ud800") == "缺表\n格"


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1))
def test_any_text_reads_back_as_it_was_typed(text):
    told = _ILLEGAL.sub("", _BREAKS.sub("\n", text))
    assert shown(f"［{text}］") == f"［{told}］"


@pytest.mark.parametrize(
    "code",
    [
        "{{ 来访人.__class__ }}",
        "{{ 来访人.upper() }}",
        "{{ ''.join(来访人) }}",
        "{{ 9 ** 9 }}",
        "{{ 来访人 | upper }}",
        "{{ range(9) }}",
        "{{ 没有的字段 }}",
        "{% for x in 来访人 %}{{ x }}{% endfor %}",
        "{% set x = 来访人 %}",
        "{% if 来访人 == 1 %}{% endif %}",
    ],
)
def test_code_that_the_text_of_a_file_did_not_show_is_refused_as_code(code):
    with pytest.raises(UserError, match=r"不能用的写法|不认识的字段"):
        filled(template(code))


TEXT_BOX = f"""<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict>
<v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{{{{ 备注 }}}}</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></w:r>
<w:r><w:t>{{{{ 备注 }}}}</w:t></w:r></w:p>"""


def test_lines_in_a_text_box_and_in_the_header_are_lines():
    document = Document()
    document.add_paragraph("{{ 编号 }}")._p.addnext(parse_xml(TEXT_BOX))
    document.sections[0].header.paragraphs[0].text = "{{ 备注 }}"
    read = filled(saved(document), 备注="甲\n乙 & 丙")
    assert read.sections[0].header.paragraphs[0].text == "甲\n乙 & 丙"
    (box,) = read.element.iter(qn("w:txbxContent"))
    assert [each.text for each in box.iter(qn("w:t"))] == ["甲", "乙 & 丙"]
    # One in the box, one in the words that follow it.
    assert len(list(read.element.body.iter(qn("w:br")))) == 2


def test_what_a_choice_leaves_out_leaves_a_file_that_word_opens():
    document = Document()
    document.add_paragraph("{{ 编号 }}")
    table = document.add_table(3, 1)
    for cell, text in zip(
        table.columns[0].cells,
        ("{%tr if 转往窗口 %}", "{{ 转往窗口 }}", "{%tr endif %}"),
        strict=True,
    ):
        cell.text = text
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{%p if 转往窗口 %}"
    cell.add_paragraph("{%p endif %}")
    (left,) = filled(saved(document)).tables
    assert [each.text for each in left.cell(0, 0).paragraphs] == [""]
    both = filled(saved(document), 转往窗口="学生事务窗口").tables
    assert both[0].cell(0, 0).text == "学生事务窗口"


def test_the_file_says_who_printed_it_and_nothing_of_who_drew_the_template():
    document = Document()
    document.core_properties.author = "{{ 外来 }} 某公司"
    document.core_properties.comments = "内部"
    with clock.set_at(datetime(2026, 11, 23, 9)):
        core = filled(saved(document)).core_properties
    assert (core.title, core.author, core.comments) == ("回执 1", "曾单", "")
    assert core.created == core.modified == datetime(2026, 11, 23, 1, tzinfo=UTC)


ATTACHED = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    "attachedTemplate"
)


def test_word_does_not_look_for_the_template_that_a_template_was_drawn_with():
    document = Document()
    document.add_paragraph("{{ 编号 }}")
    settings_part = document.part._settings_part
    relation = settings_part.relate_to(
        "file:///C:/学校/Normal.dotm",
        ATTACHED,
        is_external=True,
    )
    element = OxmlElement("w:attachedTemplate")
    element.set(qn("r:id"), relation)
    settings_part.element.find(qn("w:zoom")).addnext(element)
    content = saved(document)
    check_template(content, SlipKind.NOTICE)
    read = filled(content).part._settings_part
    assert read.element.find(qn("w:attachedTemplate")) is None
    assert not [
        each for each in read.rels.values() if each.reltype.endswith("Template")
    ]
