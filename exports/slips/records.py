"""What the fields of a handover's and of a transfer's form hold.

They are the cells of the ledgers: what is signed alone says what the register says.
"""

from typing import Any

from exports.ledgers.computed import texts_of
from exports.ledgers.handovers import HANDOVERS
from exports.ledgers.seal_transfers import SEAL_TRANSFERS, Numbered
from exports.ledgers.selection import day_in_words
from models import clock
from models.base import table_of
from models.desks import Desk
from models.handovers import Handover
from models.installation import installation
from models.people import Person
from models.seal_transfers import SealTransfer
from models.seals import Seal
from models.slip_fields import HANDOVER_FIELDS, TRANSFER_FIELDS
from models.slip_templates import SLIP_KIND_LABELS, SlipKind
from models.visits import Visit


def number_of(record: Visit | Handover | SealTransfer) -> str:
    """`JW20261123-001`; a handover and a transfer go by their time."""
    if isinstance(record, Visit):
        return record.number
    if isinstance(record, SealTransfer):
        return f"YJ{record.at:%Y%m%d-%H%M%S}"
    desk = Desk.get_or_none(Desk.uid == record.desk_uid)
    return f"{desk.prefix if desk else ''}JB{record.shift_to:%Y%m%d-%H%M}"


def handover_values(handover: Handover, person: Person) -> dict[str, str]:
    """Every field with its text; "" where there is nothing to tell."""
    table = table_of(Handover)
    stored = table.as_stored(table.values_of(handover))
    cells = {
        column.heading: column.text(
            *(stored[each.column_name] for each in column.fields)
        )
        for column in HANDOVERS.columns
    }
    signed, taken = handover.outgoing_signed_at, handover.incoming_signed_at
    return _chosen(
        HANDOVER_FIELDS,
        {
            **cells,
            **_about(SlipKind.HANDOVER, handover, person),
            "日期班次": cells["日期班次"].replace("\n", " "),
            "异议": handover.objection,
            "交班签字": f"{signed:%Y-%m-%d %H:%M}",
            "接班签字": f"{taken:%Y-%m-%d %H:%M}" if taken else "",
        },
    )


def transfer_values(transfer: SealTransfer, person: Person) -> dict[str, str]:
    """Every field with its text; "" where there is nothing to tell."""
    (texts,) = texts_of(SEAL_TRANSFERS.columns, [Numbered(1, transfer)])
    headings = [column.heading.replace("\n", "") for column in SEAL_TRANSFERS.columns]
    cells = dict(zip(headings, texts, strict=True))
    seal = Seal.get_or_none(Seal.uid == transfer.seal_uid)
    return _chosen(
        TRANSFER_FIELDS,
        {
            **cells,
            **_about(SlipKind.TRANSFER, transfer, person),
            "登记起止号": cells["登记起止号"].replace("\n", ""),
            "保管部门": seal.department_name if seal else "",
        },
    )


def _about(kind: SlipKind, record: Any, person: Person) -> dict[str, str]:
    return {
        "中心名称": installation().centre_name,
        "单据名称": SLIP_KIND_LABELS[kind],
        "编号": number_of(record),
        "打印人": person.name,
        "打印日期": day_in_words(clock.today()),
    }


def _chosen(fields: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    return {name: values[name] for name in fields}
