"""What holds for every ledger."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from docx import Document

from exports.ledgers import LEDGERS, export_ledger, ledger_by_code
from exports.ledgers.marks import MARKS
from exports.ledgers.months import MonthLedger
from exports.ledgers.styles import (
    BODY_FONT,
    HEADING_FONT,
    LATIN_FONT,
    NUMBER_FONT,
    TITLE_FONT,
)
from exports.ledgers.visits import VISITS
from ledgers.records import (
    CENTRE,
    JIAOWU,
    NOVEMBER,
    SEAL,
    TEACHING,
    visit,
)
from models import (
    UserError,
    Visit,
    connection,
)


def test_the_head_and_the_last_line_say_what_the_ledger_is(export):
    visit()
    page = export("visits", desk=JIAOWU, department=TEACHING)
    assert page.lines[:3] == [
        CENTRE,
        "来访登记台账",
        "期间：2026年11月1日至2026年11月30日　　窗口：教务事务窗口　　部门：教务处",
    ]
    assert page.lines[-1] == (
        "制表人：李雨桐\t审核人：\t部门负责人（签字）：\t（公章）\t"
        "填报日期：2026年11月23日"
    )


def test_a_ledger_cannot_be_narrowed_by_what_it_does_not_know(export):
    with pytest.raises(UserError, match="不能按印章导出"):
        export("visits", seal=SEAL)


def test_an_export_whose_days_are_the_wrong_way_round_is_refused(export):
    with pytest.raises(UserError, match="开始日期不能晚于结束日期"):
        export("visits", first=date(2026, 11, 2), last=date(2026, 11, 1))


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.code)
def test_every_ledger_without_records_is_a_report_of_none(ledger, export):
    page = export(ledger.code)
    assert (page.result.rows, page.rows) == (0, [])
    assert page.closing == "本期无记录（零报告）"


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.code)
def test_the_columns_of_every_ledger_fill_the_type_area(ledger):
    """Else dates and numbers, whose columns just hold them, would break.

    Those of a month are scaled to it: their number is that of its days.
    """
    width = sum(column.width for column in ledger.columns)
    assert isinstance(ledger, MonthLedger) or 224 <= round(width, 1) <= 225


def test_others_record_during_an_export_and_rows_and_totals_still_agree(tmp_path):
    for number in range(1, 402):
        visit(number)

    def record_another_visit():
        with connection():
            visit(999)

    def meanwhile():
        other = Thread(target=record_another_visit)
        other.start()
        other.join()

    def totals(query):
        added_up = VISITS.totals(query)
        meanwhile()
        return added_up

    def report(done, total, text):
        if done:
            assert total == 401
            meanwhile()

    path = tmp_path / "台账.docx"
    result = export_ledger(
        replace(VISITS, totals=totals), path, **NOVEMBER, report=report
    )
    closing = Document(str(path)).tables[-1].rows[-1].cells[0].text
    assert result.rows == 401
    assert closing.startswith("合计　共 401 次 401 件")
    assert Visit.select().count() == 401 + 3


def test_after_a_cancelled_export_the_old_file_stands_and_work_goes_on(
    export, tmp_path
):
    for number in range(1, 402):
        visit(number)
    first = export("visits")
    before = first.result.path.read_bytes()

    class Cancelled(Exception):
        pass

    def cancel(done, total, text):
        raise Cancelled

    with pytest.raises(Cancelled):
        export("visits", report=cancel)
    assert first.result.path.read_bytes() == before
    visit(402)
    assert export("visits").result.rows == 402


def test_an_unknown_ledger_is_named_with_those_there_are():
    with pytest.raises(UserError, match="seal_uses（印章使用登记台账）"):
        ledger_by_code("账本")


def test_the_page_about_ledgers_names_each_of_them_and_every_sign():
    page = (Path(__file__).parents[2] / "docs" / "ledgers.md").read_text("utf-8")
    for book in LEDGERS:
        assert f"| {book.title} | `{book.code}` |" in page
    for mark in MARKS:
        assert f"| {mark.text} | {mark.meaning}" in page
    for font in (TITLE_FONT, BODY_FONT, HEADING_FONT, NUMBER_FONT, LATIN_FONT):
        assert f"| {font} |" in page
