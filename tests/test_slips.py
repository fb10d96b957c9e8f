"""Slips for students: written at the desk, read back from Word."""

import base64
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from sheets import SCHEMA, ooxml_check
from templates import changed, template

import models
from exports.slips import slip_file_name, slip_kind_for, write_slip
from exports.slips.slips import VISIT_SLIPS
from exports.slips.values import _ITEM, numbered, values_of
from models import Service, Visit, VisitOutcome, clock
from models.cases import add_step
from models.errors import UserError
from models.slip_fields import SLIP_FIELDS
from models.slip_templates import SlipKind, SlipTemplate, put_template
from models.steps import StepKind

MORNING = datetime(2026, 11, 23, 10, 17, 5)


@pytest.fixture(autouse=True)
def _morning():
    with clock.set_at(MORNING):
        yield


@pytest.fixture
def take(assistant, teacher, service):
    """Take a visit of 张伟 down."""
    student = models.Student.get(models.Student.number == "2023110001")

    def taken(outcome=VisitOutcome.PROMISED, **fields) -> Visit:
        usual = {"student": student, "service": service, "handler": teacher}
        return models.record_visit(by=assistant, outcome=outcome, **(usual | fields))

    return taken


@pytest.fixture
def written(tmp_path, assistant):
    """Write a slip and read it back."""

    def write(visit, kind=None) -> "Slip":
        kind = kind or slip_kind_for(visit)
        path = tmp_path / slip_file_name(kind, visit)
        return Slip(write_slip(kind, visit, path, person=assistant))

    return write


class Slip:
    """The texts of a slip; its file is valid by the schema of ECMA-376."""

    def __init__(self, path: Path) -> None:
        assert ooxml_check.check(path, SCHEMA) == 0
        self.path, self.document = path, Document(str(path))
        self.lines = [paragraph.text for paragraph in self.document.paragraphs]
        self.cells = {}
        for table in self.document.tables:
            for row in table.rows:
                texts = [cell.text for cell in row.cells]
                self.cells |= dict(zip(texts[::2], texts[1::2], strict=False))
        self.text = "\n".join([*self.lines, *self.cells.values()])


def test_a_receipt_tells_what_was_taken_and_when_it_will_be_done(take, written):
    visit = take(
        materials=[{"name": "免修申请表", "count": 1}, {"name": "成绩单", "count": 2}]
    )
    slip = written(visit)
    assert slip.path.name == f"受理回执_{visit.number}.docx"
    assert slip.lines[:3] == [
        "测试学院学生社区服务中心",
        "受理回执",
        f"编号：{visit.number}",
    ]
    cells = slip.cells
    assert (cells["申请人"], cells["学号"]) == ("张伟　2023110001", "2023110001")
    assert (cells["班级/单位"], cells["申请事项"]) == ("软件2301", "免修申办")
    assert cells["受理窗口"] == "教务事务窗口" and cells["责任部门"] == "教务处"
    assert (cells["承诺时限"], cells["应办结日"]) == ("5 个工作日", "2026年11月30日")
    assert cells["首问负责人"] == "曾单" and cells["承办人"] == "李老师"
    assert cells["所收材料"] == "共 3 份" and "申请人签收" in cells
    receipt = slip.document.tables[0]
    assert "1. 免修申请表　1 份\n2. 成绩单　2 份" in [
        cell.text for row in receipt.rows for cell in row.cells
    ]
    assert "待补材料" not in cells and "转往窗口" not in cells
    assert f"请报编号 {visit.number}" in cells["查询方式"]


def test_a_receipt_for_a_case_that_waits_says_what_is_missing_and_no_day(
    take, written, teacher
):
    visit = take()
    add_step(visit, StepKind.WAITING, by=teacher, note="成绩单原件 1 份")
    slip = written(visit)
    assert slip.cells["待补材料"] == "成绩单原件 1 份"
    assert "补齐材料前停止计时" in slip.text
    assert "2026年11月30日" not in slip.text


def test_when_the_materials_are_there_the_receipt_tells_the_new_day(
    take, written, teacher
):
    visit = take()
    add_step(visit, StepKind.WAITING, by=teacher, note="成绩单")
    with clock.set_at(datetime(2026, 11, 25, 9)):
        add_step(visit, StepKind.COMPLETE, by=teacher)
        slip = written(visit)
    assert slip.cells["应办结日"] == "2026年12月2日" and "待补材料" not in slip.cells
    assert "2026年11月25日" in slip.text


def test_a_referred_case_gets_a_receipt_that_names_the_other_desk(take, written):
    visit = take(VisitOutcome.REFERRED, refer_to=models.desk_by_code("xuesheng"))
    slip = written(visit)
    assert slip.cells["转往窗口"] == models.desk_by_code("xuesheng").name
    assert slip.cells["应办结日"] == "另行告知"


def test_a_notice_tells_what_is_missing_and_all_that_the_service_asks_for(
    take, written
):
    visit = take(VisitOutcome.NOTIFIED, result="申请表缺辅导员签字")
    slip = written(visit)
    assert slip.path.name == f"一次性告知单_{visit.number}.docx"
    assert slip.cells["需要补正"] == "申请表缺辅导员签字"
    assert slip.cells["全部材料"] == "1. 免修申请表\n2. 证明材料"
    assert "5 个工作日内办结" in slip.cells["办理时限"]
    assert slip.lines[3] == "张伟（学号 2023110001）："
    assert any(line.startswith("申请人（签字）：") for line in slip.lines)


def test_a_refusal_gives_reason_basis_and_where_to_object(take, written):
    visit = take(
        VisitOutcome.REFUSED, result="已过申请期限", student=None, visitor_name="过路人"
    )
    slip = written(visit)
    assert slip.path.name == f"不予受理告知书_{visit.number}.docx"
    assert slip.lines[3] == "过路人："
    assert "已过申请期限" in slip.lines
    assert "“免修申办”办理要求（第 1 版）" in slip.lines
    assert "意见簿" in slip.text and "学生事务窗口" in slip.text


def test_a_case_refused_later_gives_its_reason(take, written, teacher):
    visit = take()
    with pytest.raises(UserError, match="没有不予受理"):
        written(visit, SlipKind.REFUSAL)
    add_step(visit, StepKind.REFUSED, by=teacher, note="不符合免修条件")
    assert "不符合免修条件" in written(visit, SlipKind.REFUSAL).lines


def test_what_is_done_at_once_or_void_has_no_slip(take, written, assistant):
    assert slip_kind_for(take(VisitOutcome.DONE)) is None
    enquiry = take(VisitOutcome.ENQUIRY)
    assert slip_kind_for(enquiry) is None
    with pytest.raises(UserError, match="没有受理回执"):
        written(enquiry, SlipKind.ACCEPTANCE)
    visit = take()
    models.void_visit(visit, by=assistant, reason="重复登记")
    assert slip_kind_for(visit) is None
    with pytest.raises(UserError, match="已作废"):
        written(visit, SlipKind.ACCEPTANCE)
    with pytest.raises(UserError, match="请选择是哪一种单据"):
        written(visit, "letter")


def test_a_service_that_has_not_arrived_here_leaves_its_fields_empty(take, written):
    visit = take(
        service=Service(
            name="别处事项",
            kind="promised",
            working_days=3,
            department_uid="",
            department_name="别的部门",
        )
    )
    assert written(visit).cells["申请事项"] == "别处事项"


def test_every_field_of_the_table_has_a_value_and_no_other(take, assistant):
    values = values_of(SlipKind.ACCEPTANCE, take(), assistant)
    assert sorted(values) == sorted(SLIP_FIELDS)
    assert all(isinstance(text, str) for text in values.values())


def test_a_list_in_brackets_is_one_item():
    items = _ITEM.findall("身份证（正、反面）、申请表;照片\n成绩单")
    assert numbered(items) == "1. 身份证（正、反面）\n2. 申请表\n3. 照片\n4. 成绩单"


@pytest.fixture
def own(teacher):
    """Put a template of the department in."""

    def put(content: bytes, kind=SlipKind.ACCEPTANCE) -> SlipTemplate:
        department = models.department_by_name("教务处")
        return put_template(
            by=teacher,
            kind=kind,
            department=department,
            file_name="教务处.docx",
            content=content,
        )

    return put


def test_the_departments_template_is_used_with_its_own_words(take, written, own):
    own(template("教务处回执 {{ 编号 }}", "{{来访人}}，请于{{　应办结日　}}来取。"))
    visit = take()
    slip = written(visit)
    assert slip.lines == [
        f"教务处回执 {visit.number}",
        "张伟，请于2026年11月30日来取。",
    ]
    own(b"")
    assert written(visit).lines[1] == "受理回执"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (template("{{ 编号 }}{{ 将来的字段 }}"), "“将来的字段”"),
        (changed(template("{{ 编号 }}"), "", add={"word/vbaProject.bin": b""}), "有宏"),
    ],
)
def test_a_stored_template_that_went_bad_is_named_and_the_old_file_stays(
    bad, says, take, written, teacher
):
    visit = take()
    slip = written(visit)
    before = slip.path.read_bytes()
    with models.transaction():
        SlipTemplate(
            kind=SlipKind.ACCEPTANCE,
            department_uid=visit.department_uid,
            department_name="教务处",
            version=3,
            file_name="新.docx",
            content=base64.b64encode(bad).decode(),
            added_at=clock.now(),
            author_uid=teacher.uid,
            author_name=teacher.name,
        ).write(by=teacher)
    with pytest.raises(UserError) as caught:
        written(visit)
    assert "教务处的模板“新.docx”（第 3 版）不能用" in str(caught.value)
    assert says in str(caught.value)
    assert slip.path.read_bytes() == before


NASTY = (
    "<w:p/>&amp;\"'>]]> {{ 学号 }} {% if x %} {# #} {_{ }_} {_% %_} "
    "𠮷田·买买提 👩‍🎓 e\u0301 \ufeff \\ % $"
)


def test_no_text_breaks_the_file_or_is_lost(take, written):
    result = f"{NASTY}\n第二行\t制表\r\n第三行\u2028第四行" + "很长的说明" * 1000
    slip = written(take(VisitOutcome.NOTIFIED, result=result, note=NASTY))
    told = result.replace("\r\n", "\n").replace("\u2028", "\n")
    assert slip.cells["需要补正"] == told


@pytest.mark.parametrize("kind", VISIT_SLIPS)
def test_the_built_in_slips_name_a_chinese_font_in_every_style(kind, take, written):
    visit = take(
        VisitOutcome.REFUSED if kind == SlipKind.REFUSAL else VisitOutcome.PROMISED,
        result="理由",
    )
    slip = written(visit, kind)
    for style in slip.document.styles:
        if style.name.startswith("单据") and style.name != "单据表格":
            fonts = style.element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")) in ("仿宋", "黑体", "方正小标宋简体")
    section = slip.document.sections[0]
    margins = (section.top_margin, section.right_margin, section.left_margin)
    assert [round(side.mm) for side in margins] == [37, 26, 28]


def test_importing_the_slips_does_not_load_docxtpl():
    code = "import sys, exports.slips; sys.exit('docxtpl' in sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent.parent, check=True
    )
