"""断电表: a blank seal ledger with reserved numbers, to write by hand (P16).

Printed before the power fails.  Afterwards its rows are copied in under the same
numbers (补录), and the numbers that stayed empty are voided with the reason.
"""

from pathlib import Path

from exports.ledgers.ledger import ExportResult
from exports.ledgers.seal_uses import SEAL_USES
from exports.ledgers.selection import day_in_words
from exports.ledgers.sheet import Place
from exports.sheets.form import form, write_form
from models.people import Person
from models.reservations import SealReservation

# Room for two lines of handwriting.
ROW_HEIGHT = 13

SIGNATURES = (
    Place(0, "打印人：{maker}"),
    Place(34, "监印人（签字）："),
    Place(82, "补录人（签字）："),
    Place(130, "核对人（签字）："),
)


def export_outage_sheet(
    reservation: SealReservation, path: Path, *, person: Person | None = None
) -> ExportResult:
    """Write the sheet of *reservation* to *path*: every number a row to fill in."""
    columns = SEAL_USES.columns
    sheet = form(
        "印章使用登记台账（断电表）",
        columns,
        subtitle=_subtitle(reservation),
        person=person,
        signatures=SIGNATURES,
        footnotes=_notes(reservation),
        row_height=ROW_HEIGHT,
    )
    number, seal = (_place(heading) for heading in ("编号", "印章"))
    rows = []
    for at in range(reservation.first, reservation.last + 1):
        row = [""] * len(columns)
        row[number] = f"{reservation.year}-{at:04d}"
        row[seal] = reservation.seal_name
        rows.append(row)
    return write_form(path, sheet, rows, closing=_closing(reservation))


def _place(heading: str) -> int:
    return [column.heading for column in SEAL_USES.columns].index(heading)


def _subtitle(reservation: SealReservation) -> list[str]:
    return [
        f"窗口：{reservation.desk_name}",
        f"备用日期：{day_in_words(reservation.for_day)}",
        f"预留编号：{_span(reservation)}",
        f"打印：{reservation.reserved_at:%Y-%m-%d %H:%M} {reservation.person_name}",
    ]


def _span(reservation: SealReservation) -> str:
    return f"{reservation.year} 年第 {reservation.first:04d}–{reservation.last:04d} 号"


def _closing(reservation: SealReservation) -> str:
    return (
        f"合计　预留 {_span(reservation)}，共 {reservation.count} 个号；"
        "已用　　　　号，份数　　　　，枚数　　　　，未用作废　　　　号。"
    )


def _notes(reservation: SealReservation) -> list[str]:
    return [
        "注：停电或电脑不能用时按编号逐行手写，不跳号、不涂改；写错的划去，换下一号。"
        "来电后当天在“用印”页选“断电表补录”，按本表编号逐行录入，"
        "没有用的号写明原因后一并作废；本表随台账归档。",
        "同一编号只能录入一次；录入前新的用印从"
        f" {reservation.last + 1:04d} 号起继续登记，互不影响。",
    ]
