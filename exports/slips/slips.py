"""Slips (办件单据): what a student is given on paper, from templates (P22), and the
forms of one handover or transfer of a seal, which both sides sign.

A department's own template comes first, then the office's, then the built-in one.
"""

from pathlib import Path

from exports.files import replacing
from exports.ledgers.ledger import OPEN_IN_WORD
from exports.slips.records import handover_values, number_of, transfer_values
from exports.slips.values import values_of
from models.base import tuples_of
from models.desks import DeskDepartment
from models.errors import UserError
from models.handovers import Handover
from models.people import Person
from models.seal_transfers import SealTransfer
from models.seals import Seal
from models.slip_contents import MOST_BYTES, check_contents
from models.slip_fields import fields_of
from models.slip_templates import (
    SLIP_KIND_LABELS,
    SlipKind,
    SlipTemplate,
    template_for,
)
from models.visits import Visit, VisitOutcome

BUILT_IN = Path(__file__).parent.parent / "templates"

# What a slip can be printed of.
Slipped = Visit | Handover | SealTransfer

VISIT_SLIPS = (SlipKind.ACCEPTANCE, SlipKind.NOTICE, SlipKind.REFUSAL)

_BY_OUTCOME: dict[str, SlipKind] = {
    VisitOutcome.PROMISED: SlipKind.ACCEPTANCE,
    VisitOutcome.REFERRED: SlipKind.ACCEPTANCE,
    VisitOutcome.NOTIFIED: SlipKind.NOTICE,
    VisitOutcome.REFUSED: SlipKind.REFUSAL,
}


def slip_kind_for(visit: Visit) -> SlipKind | None:
    """The slip that goes with a visit; none for what is done at once."""
    return None if visit.is_void else _BY_OUTCOME.get(visit.outcome)


def slip_file_name(kind: str, record: Slipped) -> str:
    """`受理回执_JW20261123-001.docx`: nothing about the person."""
    return f"{SLIP_KIND_LABELS.get(kind, kind)}_{number_of(record)}.docx"


def write_slip(kind: str, record: Slipped, path: Path, *, person: Person) -> Path:
    """Write the slip of a visit, a handover or a transfer as a .docx; *person* is who
    prints it.

    Raises `UserError` when the record has none of this kind, and when its template
    cannot be used.
    """
    _refuse_kind(kind)
    values = _values(kind, record, person)
    if isinstance(record, Visit):
        _refuse_unfit(kind, record, values)
    template = template_for(kind, _department_of(kind, record))
    title = f"{values['单据名称']} {values['编号']}"
    document = _filled(template, kind, values, title, person.name)
    with replacing(path, busy=OPEN_IN_WORD) as file:
        file.write(document)
    return path


def _values(kind: str, record: Slipped, person: Person) -> dict[str, str]:
    if isinstance(record, Visit) and kind in VISIT_SLIPS:
        return values_of(kind, record, person)
    if isinstance(record, Handover) and kind == SlipKind.HANDOVER:
        return handover_values(record, person)
    if isinstance(record, SealTransfer) and kind == SlipKind.TRANSFER:
        return transfer_values(record, person)
    raise UserError("这条记录没有这种单据，请选择别的单据。")


def _department_of(kind: str, record: Slipped) -> str:
    """Whose template holds; at a joint desk the first one's that has its own."""
    if isinstance(record, Visit):
        return record.department_uid
    if isinstance(record, SealTransfer):
        seal = Seal.get_or_none(Seal.uid == record.seal_uid)
        return seal.department_uid if seal else ""
    serving = DeskDepartment.desk_uid == record.desk_uid
    query = DeskDepartment.select(DeskDepartment.department_uid).where(serving)
    for (uid,) in tuples_of(query.order_by(DeskDepartment.uid)):
        template = template_for(kind, uid)
        if template is not None and template.department_uid:
            return uid
    return ""


def check_template(source: str | Path | bytes, kind: str) -> None:
    """Raise `UserError`, saying what to change, unless a file can be a template.

    It is filled in on trial, once with every field and once with none.
    """
    _refuse_kind(kind)
    content = source if isinstance(source, bytes) else read_template(source)
    check_contents(content, kind)
    for text in ("样例\n第二行", ""):
        _fill(content, dict.fromkeys(fields_of(kind), text), "", "")


def read_template(path: str | Path) -> bytes:
    """The content of a file that is to be a template."""
    path = Path(path)
    if path.suffix.lower() != ".docx":
        raise UserError("请选择 Word 的 .docx 文件。")
    try:
        with path.open("rb") as file:
            # One byte more shows that the file is too large.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"打不开文件“{path.name}”，请核对后再选。") from error


def copy_template(kind: str, path: Path, *, department_uid: str = "") -> Path:
    """Write the template that holds now to *path*, to be changed in Word."""
    _refuse_kind(kind)
    with replacing(path, busy=OPEN_IN_WORD) as file:
        file.write(_content_of(template_for(kind, department_uid), kind))
    return path


def _content_of(template: SlipTemplate | None, kind: str) -> bytes:
    if template is not None:
        return template.document
    return (BUILT_IN / f"{kind}.docx").read_bytes()


def _refuse_kind(kind: str) -> None:
    if kind not in SLIP_KIND_LABELS:
        raise UserError("请选择是哪一种单据。")


def _refuse_unfit(kind: str, visit: Visit, values: dict[str, str]) -> None:
    if visit.is_void:
        raise UserError("这条来访已作废，不能再打印单据。")
    if kind == SlipKind.REFUSAL and not values["不予受理原因"]:
        raise UserError("这件事没有不予受理，请选择别的单据。")
    not_taken = (VisitOutcome.REFUSED, VisitOutcome.ENQUIRY)
    if kind == SlipKind.ACCEPTANCE and visit.outcome in not_taken:
        raise UserError("这件事没有受理，没有受理回执，请选择别的单据。")


def _filled(
    template: SlipTemplate | None,
    kind: str,
    values: dict[str, str],
    title: str,
    author: str,
) -> bytes:
    """The document; a template that came from elsewhere is checked again."""
    content = _content_of(template, kind)
    if template is None:
        return _fill(content, values, title, author)
    try:
        check_contents(content, kind)
        return _fill(content, values, title, author)
    except UserError as error:
        owner = template.department_name or "全部部门"
        raise UserError(
            f"{owner}的模板“{template.file_name}”（第 {template.version} 版）"
            f"不能用，请换一个或恢复内置模板。{error}"
        ) from error


def _fill(content: bytes, values: dict[str, str], title: str, author: str) -> bytes:
    from exports.slips.filling import fill

    try:
        return fill(content, values, title=title, author=author)
    except UserError:
        raise
    except Exception as error:
        # A damaged package fails in docxtpl, jinja2, python-docx or lxml in any way.
        raise UserError(
            "这个模板填不进内容，请用 Word 打开，另存为 .docx 后再选；"
            "仍不行请从内置模板改起。"
        ) from error
