"""What must hold of the seal ledgers in a database: numbers, custody, sheets.

A desk knows only what it wrote itself.  Which numbers were given elsewhere, and in
whose hands a seal came to a desk, is told by the revisions of the register.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from models.base import db
from models.installation import StationKind, installation
from models.seals import Seal

FaultText = tuple[str, str]  # what is wrong, and where


class Stint(NamedTuple):
    """A seal's time at one desk: after which transfer, with whom, on which numbers."""

    desk_uid: str
    ledger_station: str
    since_uid: str
    keeper_uid: str
    numbers: dict[str, int]


def stints_of(seal_uid: str) -> list[Stint]:
    """Where a seal has been, in order, by the revisions of its row in the journal."""
    rows = db.execute_sql(
        "SELECT DISTINCT revision, payload FROM journal WHERE row_uid = "
        f"{db.param} AND table_name = 'seal' AND payload IS NOT NULL ORDER BY revision",
        (seal_uid,),
    ).fetchall()
    stints: list[Stint] = []
    for _, payload in rows:
        row = msgspec.json.decode(payload)
        stint = Stint(
            row["desk_uid"],
            row.get("ledger_station", ""),
            row.get("since_uid", ""),
            row["keeper_uid"],
            msgspec.json.decode(row.get("numbers", "{}")),
        )
        if stint not in stints[-1:]:
            stints.append(stint)
    return stints


def number_faults() -> Iterator[FaultText]:
    """Numbers per seal and year begin at 1, without a gap and without a twin.

    A sheet that was not copied in yet accounts for its numbers.  At the office all of
    them are there; a desk has all or none of each time the seal was with it.
    """
    has_all = installation().kind == StationKind.OFFICE
    reserved = _open_sheets()
    for key in sorted(_ledgers() | set(reserved)):
        seal_uid, year = key
        given = Counter(_numbers(seal_uid, year))
        given.update(reserved.get(key, ()))
        where = f"{_name(seal_uid)} {year} 年"
        if max(given.values()) > 1:
            yield "用印编号有重复", where
        missing = _missing(set(given), _parts(seal_uid, year, has_all, max(given)))
        if missing:
            what = f"用印编号不连续，缺 {'、'.join(map(str, missing[:5]))} 号"
            yield what, f"{where} {min(given)}–{max(given)} 号"


def _ledgers() -> set[tuple[str, int]]:
    rows = db.execute_sql("SELECT DISTINCT seal_uid, year FROM seal_use").fetchall()
    return {(seal_uid, year) for seal_uid, year in rows}


def _numbers(seal_uid: str, year: int) -> Iterator[int]:
    rows = db.execute_sql(
        "SELECT number FROM seal_use "
        f"WHERE seal_uid = {db.param} AND year = {db.param}",
        (seal_uid, year),
    ).fetchall()
    return (number for (number,) in rows)


def _open_sheets() -> dict[tuple[str, int], list[int]]:
    """The numbers on sheets that were not copied in, by seal and year."""
    sheets: dict[tuple[str, int], list[int]] = defaultdict(list)
    for seal_uid, year, first, last in db.execute_sql(
        'SELECT seal_uid, year, "first", "last" FROM seal_reservation '
        "WHERE settled_at IS NULL"
    ).fetchall():
        sheets[seal_uid, year] += range(first, last + 1)
    return sheets


def _parts(
    seal_uid: str, year: int, has_all: bool, highest: int
) -> Iterable[tuple[int, int, bool]]:
    """First and last number of each time at a desk, and must all of them be here?"""
    if has_all:
        return [(1, highest, True)]
    begins = [stint.numbers.get(str(year), 0) for stint in stints_of(seal_uid)] or [0]
    ends = [*begins[1:], highest]
    return [(a + 1, b, False) for a, b in zip(begins, ends, strict=True)]


def _missing(given: set[int], parts: Iterable[tuple[int, int, bool]]) -> list[int]:
    missing = []
    for first, last, is_needed in parts:
        wanted = range(first, last + 1)
        if is_needed or not given.isdisjoint(wanted):
            missing += [number for number in wanted if number not in given]
    return missing


def _name(seal_uid: str) -> str:
    seal = Seal.get_or_none(Seal.uid == seal_uid)
    return seal.name if seal else f"印章 {seal_uid}"


def sheet_faults() -> Iterator[FaultText]:
    """Every number of a sheet that was copied in has its line."""
    lines: dict[str, int] = dict(
        db.execute_sql(
            "SELECT reservation_uid, COUNT(*) FROM seal_use "
            "WHERE reservation_uid <> '' GROUP BY reservation_uid"
        ).fetchall()
    )
    for uid, name, first, last in db.execute_sql(
        'SELECT uid, seal_name, "first", "last" FROM seal_reservation '
        "WHERE settled_at IS NOT NULL"
    ).fetchall():
        if lines.get(uid, 0) != last - first + 1:
            yield "断电表没有逐号补录", f"{name} {first}–{last} 号"


class _Transfer(NamedTuple):
    uid: str
    previous_uid: str
    giver_uid: str
    receiver_uid: str
    where: str


def custody_faults() -> Iterator[FaultText]:
    """Every transfer follows exactly one other and is made by whoever held the seal."""
    by_seal: dict[str, list[_Transfer]] = defaultdict(list)
    for seal_uid, uid, previous, giver, receiver, name, at in db.execute_sql(
        "SELECT seal_uid, uid, previous_uid, giver_uid, receiver_uid, seal_name, "
        '"at" FROM seal_transfer ORDER BY uid'
    ).fetchall():
        transfer = _Transfer(uid, previous, giver, receiver, f"{name} {at}")
        by_seal[seal_uid].append(transfer)
    for seal_uid, transfers in by_seal.items():
        yield from _chain_faults(stints_of(seal_uid), transfers)
    for name, times in db.execute_sql(
        "SELECT MAX(seal_name), COUNT(*) FROM seal_outing WHERE returned_at IS NULL "
        "GROUP BY seal_uid HAVING COUNT(*) > 1"
    ).fetchall():
        yield f"有 {times} 次外带同时没有归还", name


def _chain_faults(
    stints: list[Stint], transfers: list[_Transfer]
) -> Iterator[FaultText]:
    keepers: dict[str, set[str]] = defaultdict(set)
    for stint in stints:
        keepers[stint.since_uid].add(stint.keeper_uid)
    received = {transfer.uid: {transfer.receiver_uid} for transfer in transfers}
    # What the office decided goes before what the last transfer said.
    held = received | keepers
    times = Counter(transfer.previous_uid for transfer in transfers)
    for transfer in transfers:
        if times[transfer.previous_uid] > 1:
            many = times.pop(transfer.previous_uid)
            yield f"同一次保管有 {many} 次移交", transfer.where
        if transfer.previous_uid not in held:
            yield "移交所接的上次移交不存在", transfer.where
        elif transfer.giver_uid not in held[transfer.previous_uid]:
            yield "移交人不是当时的保管人", transfer.where
    yield from _off_the_chain(set(keepers), transfers)


def _off_the_chain(starts: set[str], transfers: list[_Transfer]) -> Iterator[FaultText]:
    """A circle has no fault in any of its links, and nothing leads to it."""
    following: dict[str, list[_Transfer]] = defaultdict(list)
    for transfer in transfers:
        following[transfer.previous_uid].append(transfer)
    uids = {transfer.uid for transfer in transfers}
    reached, left = set(starts), list(starts)
    left += [t.previous_uid for t in transfers if t.previous_uid not in uids]
    while left:
        for transfer in following.get(left.pop(), ()):
            if transfer.uid not in reached:
                reached.add(transfer.uid)
                left.append(transfer.uid)
    for transfer in transfers:
        if transfer.uid not in reached:
            yield "移交记录不在保管链上", transfer.where
