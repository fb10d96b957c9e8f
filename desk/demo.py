"""The sample college: an office and six desks that work some days, or a whole term.

Everything goes through the same operations as in the window, at a clock that is set;
the people are invented.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

import models
from desk import sampleoffice, samplepapers, sampleterm
from desk.samplecollege import codes, found_sample, sync_at
from desk.sampleday import visitors, work_day
from desk.sampleseals import Turn
from desk.samplesums import sums_of_cases, sums_of_seals
from exports.sync import sync, sync_state
from models import Attendance, Handover, Student, UserError, Visit, clock
from models.calendar import is_published_working_day
from models.progress import Report
from models.seal_uses import SealUse
from models.terms import monday_of

# Visits of all six desks on one day, unless something else is asked for.
VISITS, VISITS_BY_WEEK = 200, 12


def make_demo(
    root: Path, *, days: int, visits: int, seed: int, report: Report, weeks: int = 0
) -> dict[str, object]:
    """Build and work the sample college in *root*; returns the summary.

    It works *days* days and syncs on each; or whole *weeks* from the first day of a
    term, with one sync a week.  *visits* is the number of visits of all six desks
    together on one working day.
    """
    if (days < 1 and not weeks) or visits < 0:
        raise UserError("天数至少为 1，来访数不能为负数。")
    if root.exists() and any(root.iterdir()):
        raise UserError(f"文件夹“{root}”不是空的，请换一个文件夹。")
    root = root.absolute()
    chance = random.Random(seed)
    worked = days_of_weeks(weeks) if weeks else working_days(days)
    total = len(worked) * 6 + 8
    report(0, total, "正在建立样例中心")
    opening = datetime.combine(worked[0] - timedelta(days=1), time(15, 0))
    with clock.set_at(opening):
        found_sample(root, worked, chance, starts_term=bool(weeks))
    done = 0
    students = visitors()
    all_spells = spells(worked, by_week=bool(weeks))
    for number, spell in enumerate(all_spells):
        turn = Turn(number, number == len(all_spells) - 1, bool(weeks))
        closing = datetime.combine(spell[-1], time(17, 30))
        for place, plan in enumerate(models.centre.DESKS):
            at = done + place * len(spell) + 2
            report(at, total, f"{spell[-1]:%m月%d日} {plan.name}")
            share_of_day = visits // 6 + (place < visits % 6)
            models.open_database(root / "stations" / plan.code)
            left = work_spell(spell, share_of_day, students, chance, turn)
            closing = max(closing, left)
        done += len(spell) * 6
        with clock.set_at(closing + timedelta(minutes=10)):
            work_office(root, worked, chance, number)
    report(total - 4, total, "正在收取回执")
    with clock.set_at(closing + timedelta(minutes=30)):
        return conclude(root, worked)


def work_spell(
    spell: Sequence[date],
    visits: int,
    students: list[Student],
    chance: random.Random,
    turn: Turn,
) -> datetime:
    """Some days at the desk whose database is open, and a sync; returns when it was.

    What other desks sent is fetched in the first morning.  On the last day much
    happens: corrections are asked for and the department's teachers decide.
    """
    with clock.set_at(datetime.combine(spell[0], time(8))):
        sync()
        models.close_all_forgotten()
    for day in spell:
        of_day = turn if day == spell[-1] else None
        is_fresh = day == spell[0]
        left = work_day(day, visits, students, chance, of_day, is_fresh=is_fresh)
    with clock.set_at(left + timedelta(minutes=5)):
        sampleterm.ask_for_corrections(spell[0], spell[-1], chance)
        sampleterm.decide_at_desk(chance)
    with clock.set_at(left + timedelta(minutes=15)):
        sync()
        return clock.now()


def work_office(
    root: Path, worked: Sequence[date], chance: random.Random, turn: int
) -> None:
    """The office takes in what has come, decides, closes months, and sends it out."""
    sync_at(root / "office")
    office = models.person_signing_in("B0001")
    sampleterm.decide_at_office(chance, by=office)
    sampleterm.finish_trainings(worked[0], by=office)
    sampleterm.close_months(worked[0], worked[-1], by=office)
    sampleoffice.decide(turn, by=office)
    sync()


def working_days(count: int) -> list[date]:
    """The last *count* working days before today, oldest first."""
    found, day = [], clock.today()
    while len(found) < count:
        day -= timedelta(days=1)
        if is_published_working_day(day):
            found.append(day)
    return found[::-1]


def days_of_weeks(count: int) -> list[date]:
    """The working days of the last *count* whole weeks."""
    last = monday_of(clock.today()) - timedelta(days=1)
    days = [last - timedelta(days=back) for back in range(count * 7)][::-1]
    found = [day for day in days if is_published_working_day(day)]
    if not found:
        raise UserError("这几周里没有工作日，请增加周数。")
    return found


def spells(days: Sequence[date], *, by_week: bool) -> list[list[date]]:
    """The days between one sync and the next."""
    if not by_week:
        return [[day] for day in days]
    return [list(week) for _, week in groupby(days, key=monday_of)]


def counts_by_station() -> dict[str, dict[str, int]]:
    """For each desk's station, the rows of the four records in the open database."""
    names = {desk.uid: desk.code for desk in models.desks()}
    counts: dict[str, dict[str, int]] = {}
    for station in models.stations():
        counts[names[station.desk_uid]] = {
            title: model.select().where(model.station == station.station_uid).count()
            for title, model in (
                ("visits", Visit),
                ("seal_uses", SealUse),
                ("attendances", Attendance),
                ("handovers", Handover),
            )
        }
    return counts


def conclude(root: Path, worked: list[date]) -> dict[str, object]:
    """Fetch the receipts, count on both sides, and export the ledgers."""
    stations, confirmed, unconfirmed = {}, 0, 0
    for code in codes():
        sync_at(root / "stations" / code)
        stations[code] = counts_by_station()[code]
        state = sync_state()
        confirmed += state.confirmed
        unconfirmed += state.published + state.waiting
    models.open_database(root / "office")
    at_office = counts_by_station().values()
    folder, days = root / "ledgers", (worked[0], worked[-1])
    folder.mkdir(exist_ok=True)
    office = models.person_signing_in("B0001")
    return {
        "stations": stations,
        "office": {
            key: sum(counts[key] for counts in at_office)
            for key in ("visits", "seal_uses", "attendances", "handovers")
        },
        "confirmed": confirmed,
        "unconfirmed": unconfirmed,
        "term": sampleterm.sums_of_term(*days),
        "cases": sums_of_cases(),
        "seals": sums_of_seals(),
        "ledgers": samplepapers.export_ledgers(folder, *days),
        "sheets": samplepapers.export_sheets(folder, days[1]),
        "slips": samplepapers.write_slips(root / "slips", by=office),
    }
