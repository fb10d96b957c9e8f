"""How the register shows a seal: its line, its card, and its history in words."""

from datetime import datetime
from typing import NamedTuple

from models import clock
from models.custody import SealTransfer, custody_of, is_with_office
from models.desks import Desk
from models.disposals import DisposalKind, SealDisposal
from models.outings import SealOuting, open_outing
from models.reservations import open_sheets
from models.sealhistory import (
    disposals_of,
    first_keeper_name,
    outings_of,
    standing_uids,
    transfers_of,
    uses_in,
)
from models.seals import Seal, SealState, ledger_station_of, seals
from models.stations import Station


class SealRow(NamedTuple):
    """A seal in the list."""

    seal: Seal
    desk_name: str
    holder: str
    state: str

    @property
    def uid(self) -> str:
        return self.seal.uid


def seal_rows() -> list[SealRow]:
    """Every seal, those destroyed at the end."""
    names = {desk.uid: desk.name for desk in Desk.select()}
    rows = [
        SealRow(seal, names.get(seal.desk_uid, ""), holder_words(seal), _state(seal))
        for seal in seals()
    ]
    return sorted(rows, key=lambda row: is_destroyed(row.seal))


def is_destroyed(seal: Seal) -> bool:
    """Nothing more is done with it."""
    return seal.state == SealState.DESTROYED


def holder_words(seal: Seal) -> str:
    """`陈老师（代管至 12-01）`, `办公室 周主任`."""
    if is_destroyed(seal):
        return "—"
    custody = custody_of(seal)
    if is_with_office(seal):
        return f"办公室 {custody.holder.name}"
    if custody.until is None:
        return custody.holder.name
    day = f"{custody.until:%m-%d}"
    until = f"代管 {day} 已到期" if custody.is_over else f"代管至 {day}"
    return f"{custody.holder.name}（{until}）"


def _state(seal: Seal) -> str:
    outing = None if is_destroyed(seal) else open_outing(seal)
    return f"{seal.state_label}，外带" if outing else seal.state_label


def card_lines(seal: Seal) -> list[str]:
    """What the register says, how much the seal was used, and what became of it."""
    facts = [
        ("类型", seal.kind),
        ("别名", seal.aliases),
        ("材质规格", seal.material),
        ("刻制批准", seal.engraving),
        ("存放位置", seal.storage_place),
        ("备注", seal.note),
        ("学生助理", "可以用印" if seal.assistants_may_use else "不可用印"),
        ("登记电脑", _ledger_words(seal)),
    ]
    said = "　".join(f"{label}：{text}" for label, text in facts if text)
    head = f"{seal.name}　{_state(seal)}　保管人：{holder_words(seal)}"
    return [head, said, _use_words(seal), "", "经过", *history_lines(seal)]


def _ledger_words(seal: Seal) -> str:
    station = Station.get_or_none(Station.station_uid == ledger_station_of(seal))
    if station is None:
        return "窗口还没有接入电脑"
    is_revoked = station.revoked_after is not None
    return f"{station.name}（已注销）" if is_revoked else station.name


def _use_words(seal: Seal) -> str:
    """The office reads the departments' lines as they were sent in last."""
    year = clock.today().year
    count = uses_in(seal, year)
    words = f"{year} 年已同步的用印 {count.uses} 次 {count.impressions} 枚"
    words += f"，拒印 {count.refused} 次" if count.refused else ""
    words += f"，作废 {count.void} 条" if count.void else ""
    words += f"，末号 {year}-{count.last:04d}" if count.last else ""
    waiting = len(open_sheets(seal))
    return words + (f"；断电表 {waiting} 张未补录" if waiting else "")


def history_lines(seal: Seal) -> list[str]:
    """Each thing that happened to the seal, the newest last."""
    transfers = transfers_of(seal)
    standing = standing_uids(transfers)
    told: list[tuple[datetime, str]] = [
        (transfer.at, _transfer_words(transfer, stands=transfer.uid in standing))
        for transfer in transfers
    ]
    for outing in outings_of(seal):
        told += _outing_words(outing)
    told += [
        (disposal.at, _disposal_words(disposal)) for disposal in disposals_of(seal)
    ]
    told.sort(key=lambda line: line[0])
    begun = f"{seal.enabled_on} 启用，首任保管人 {first_keeper_name(seal)}"
    return [begun, *(f"{at:%Y-%m-%d %H:%M} {words}" for at, words in told)]


def _transfer_words(transfer: SealTransfer, *, stands: bool) -> str:
    """`移交（临时代管）：李老师 → 陈老师，监交 张三，期限至 12-01；出差，完好`."""
    words = f"移交（{transfer.kind_label}）：{transfer.giver_name}"
    words += f" → {transfer.receiver_name}，监交 {transfer.witness_name}"
    if transfer.until is not None:
        words += f"，期限至 {transfer.until}，批准 {transfer.approver}"
    words += f"；{transfer.reason}，{transfer.condition}"
    if transfer.first_number is not None:
        words += f"，登记号 {transfer.first_number}–{transfer.last_number}"
    words += f"；{transfer.note}" if transfer.note else ""
    return words if stands else f"（不作数，此前已有别的移交）{words}"


def _outing_words(outing: SealOuting) -> list[tuple[datetime, str]]:
    out = f"外带：{outing.carrier_name}带到{outing.place}，{outing.reason}，"
    out += f"批准 {outing.approver}，应还 {outing.due_back_at:%m-%d %H:%M}"
    if outing.returned_at is None:
        late = "，已逾期" if outing.due_back_at <= clock.now() else ""
        return [(outing.out_at, f"{out}；还没有归还{late}")]
    back = f"外带归还：验收 {outing.checker_name}，{outing.condition}"
    back += f"，在外用印 {outing.copies} 份" if outing.copies else ""
    return [(outing.out_at, out), (outing.returned_at, back)]


def _disposal_words(disposal: SealDisposal) -> str:
    words = f"{disposal.kind_label}：{disposal.reason}"
    if disposal.kind == DisposalKind.ASSIGNED:
        words += f"；调配至{disposal.desk_name}，{disposal.giver_name}"
        words += f" → {disposal.receiver_name}"
    words += f"；{disposal.method}" if disposal.method else ""
    watched = "、".join(witness["name"] for witness in disposal.witnesses)
    words += f"，监销 {watched}" if watched else ""
    words += f"，批准 {disposal.approver}" if disposal.approver else ""
    if disposal.on != disposal.at.date():
        words += f"（{disposal.on}）"
    return f"{words}，经办 {disposal.person_name}"
