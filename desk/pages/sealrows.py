"""How uses of a seal, and where a seal is, are told in the page of seals."""

from collections.abc import Sequence

from desk.keymap import key_of_page
from desk.pages.time_section import unbroken
from desk.widgets.table import Column
from models.custody import custody_of, holder_of, require_user
from models.errors import UserError
from models.outings import open_outing
from models.people import Person
from models.reservations import SealReservation, open_sheets
from models.seal_numbers import next_seal_number
from models.seal_uses import SealUse
from models.seals import Seal

CORRECTED = "更正为 "


def state_of(use: SealUse) -> str:
    """In a word, what became of an application, and how it got into the ledger."""
    if use.is_void:
        return "已更正" if use.void_reason.startswith(CORRECTED) else "作废"
    state = "拒印" if use.refused_reason else "已用印"
    if use.corrects_number:
        return f"{state}·更正"
    return f"{state}·补录" if use.late_entry else state


def whom_about(use: SealUse) -> str:
    """The list of a batch in a word."""
    return f"名单 {len(use.students)} 人" if use.students else use.student_number


def time_of(use: SealUse) -> str:
    """When it was set; an unused number of a sheet says nothing."""
    return f"{use.used_at:%H:%M}" if use.applicant else ""


COLUMNS = [
    Column("编号", lambda use: use.number_text, 5),
    Column("时间", time_of, 3),
    Column("状态", state_of, 5),
    Column("用印人", lambda use: use.applicant, 4),
    Column("文件名称", lambda use: use.document_title, 9, stretch=True),
    Column("份数", lambda use: use.copies, 2.5),
    Column("枚数", lambda use: use.impressions, 2.5),
    Column("监印人", lambda use: use.sealer_name, 4),
    Column("学生", whom_about, 6),
    Column("用印单位", lambda use: use.unit, 7),
]


# -- where the seal is ------------------------------------------------------------


def usual_seal(seals: Sequence[Seal], person: Person) -> Seal:
    """The one that *person* holds, else one of their department, else the first."""
    return min(
        seals,
        key=lambda seal: (
            holder_of(seal).uid != person.uid,
            seal.department_uid != person.department_uid,
        ),
    )


def holder_words(seal: Seal, year: int) -> str:
    """Who has the seal, until when, and which number comes next."""
    custody = custody_of(seal)
    lent = ""
    if custody.is_temporary and custody.lender is not None:
        lent = f"（临时代管至 {custody.until}，{custody.lender.name}移交）"
    number = next_seal_number(seal, year)
    return f"{custody.holder.name}{lent}　下一编号 {year}-{number:04d}"


def sheet_words(sheet: SealReservation) -> str:
    """`0021–0040`, the numbers on a sheet."""
    return f"{sheet.first:04d}–{sheet.last:04d}"


def sheets_words(seal: Seal) -> str:
    """The numbers set apart on paper; "" when none are."""
    found = [
        f"{sheet_words(sheet)} 留存（备用 {sheet.for_day:%m-%d}）"
        for sheet in open_sheets(seal)
    ]
    return "、".join(found)


def outing_word(seal: Seal | None) -> str:
    """What is to be done about *seal* and the world outside."""
    return "归还" if seal is not None and open_outing(seal) is not None else "外带"


def locked_words(seal: Seal, person: Person) -> str:
    """Why *person* cannot seal now and what to do; "" when nothing is in the way."""
    outing = open_outing(seal)
    if outing is not None:
        # No full stop: it would stand alone in a line of its own.
        return unbroken(
            f"印章由{outing.carrier_name}带到{outing.place}，"
            f"应于 {outing.due_back_at:%m-%d %H:%M} 归还；回来后按“归还”登记"
        )
    try:
        require_user(seal, person)
    except UserError as error:
        waits = "接班" in str(error)
        return f"{error}（{key_of_page('handover')}）" if waits else str(error)
    return ""
