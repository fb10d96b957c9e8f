"""Numbers of seal uses: per seal and year from 1, without a gap (P6, P16).

A number is taken by a line of the ledger, by a sheet printed for a power failure, or
by the desks that had the seal before.
"""

from models.base import db
from models.seals import Seal


def next_seal_number(seal: Seal, year: int) -> int:
    """The number the next use of *seal* gets in *year*."""
    return last_seal_number(seal, year) + 1


def last_seal_number(seal: Seal, year: int) -> int:
    """The highest number that is used or reserved in *year*; 0 for none."""
    key = (seal.uid, year)
    used, reserved = db.execute_sql(
        "SELECT (SELECT MAX(number) FROM seal_use "
        f"WHERE seal_uid = {db.param} AND year = {db.param}), "
        '(SELECT MAX("last") FROM seal_reservation '
        f"WHERE seal_uid = {db.param} AND year = {db.param})",
        (*key, *key),
    ).fetchone()
    return max(used or 0, reserved or 0, seal.numbers.get(str(year), 0))


def numbers_by_year(seal: Seal) -> dict[str, int]:
    """The last number of every year, as a desk takes the seal over: {"2026": 231}."""
    years = db.execute_sql(
        f"SELECT DISTINCT year FROM seal_use WHERE seal_uid = {db.param}", (seal.uid,)
    ).fetchall()
    known = {str(year) for (year,) in years} | set(seal.numbers)
    return {year: last_seal_number(seal, int(year)) for year in sorted(known)}
