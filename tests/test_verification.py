"""Change what must not change, through a keyed connection, and be told about it."""

from collections.abc import Callable

import pytest

import models
from models import VisitOutcome
from models.base import db


@pytest.fixture
def day(assistant, teacher, service, seal):
    """Some of everything; nothing is wrong."""
    for _ in range(6):
        visit = models.record_visit(
            by=assistant,
            service=service,
            outcome=VisitOutcome.PROMISED,
            visitor_name="张伟",
        )
    models.finish_case(visit, by=assistant, result="办好了")
    for _ in range(3):
        models.record_seal_use(
            by=teacher,
            seal=seal,
            applicant="张伟",
            unit="数字化学院",
            document_title="证明",
            purpose="贷款",
            approver="李老师",
        )
    models.check_out(models.check_in(assistant))
    models.hand_over(by=assistant)
    assert models.verify().faults == []


def tamper(*statements: str) -> list[str]:
    """Do what a forger with the key would do; what verify says of it."""
    for (name,) in db.execute_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        db.execute_sql(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute_sql(statement)
    return [f"{fault.where} {fault.what}" for fault in models.verify().faults]


CHANGES = {
    "one character of a row": (
        "UPDATE visit SET visitor_name = '张玮' WHERE number LIKE '%-002'",
        "来访",
        "姓名",
    ),
    "a number in a row": (
        "UPDATE seal_use SET impressions = 9 WHERE number = 2",
        "用印",
        "枚数",
    ),
    "a yes to a no": (
        "UPDATE visit SET is_void = 1 WHERE number LIKE '%-001'",
        "来访",
        "作废",
    ),
    "an empty field filled": (
        "UPDATE visit SET rating = 5 WHERE number LIKE '%-001'",
        "来访",
        "满意度",
    ),
    "what is no text": (
        "UPDATE visit SET note = x'00' WHERE number LIKE '%-001'",
        "来访",
        "备注",
    ),
    "more behind what is no letter": (
        "UPDATE visit SET visitor_name = visitor_name || CHAR(0) || '玮' "
        "WHERE number LIKE '%-001'",
        "来访",
        "姓名",
    ),
    "a row taken out": (
        "DELETE FROM visit WHERE number LIKE '%-003'",
        "来访",
        "表里没有",
    ),
    "a row put in": (
        "INSERT INTO period_table SELECT 'x', revision, station, name, first_day,"
        "last_day, periods FROM period_table LIMIT 1",
        "作息时间 x",
        "流水里没有",
    ),
    "a row set back a revision": (
        "UPDATE visit SET revision = 7 WHERE number LIKE '%-004'",
        "来访",
        "版次",
    ),
    "the content of an entry": (
        "UPDATE journal SET payload = replace(payload, '张伟', '张玮')"
        " WHERE stream = 1 AND seq = 3",
        "本机流水第 3 条",
        "内容被改动",
    ),
    "who made an entry": (
        "UPDATE journal SET person = 'nobody' WHERE stream = 1 AND seq = 4",
        "本机流水第 4 条",
        "哈希链不符",
    ),
    "an entry taken out": (
        "DELETE FROM journal WHERE stream = 1 AND seq = 5",
        "本机流水第 6 条",
        "流水缺第 5 条",
    ),
    "a copied entry taken out": (
        "DELETE FROM journal WHERE stream = 2 AND seq = 10",
        "第 11 条",
        "流水缺第 10 条",
    ),
    "the end of a copied stream cut off": (
        "DELETE FROM journal WHERE stream = 2 AND seq >"
        " (SELECT MAX(seq) - 2 FROM journal WHERE stream = 2)",
        "来自",
        "结尾",
    ),
    "a seal number skipped": (
        "UPDATE seal_use SET number = 5 WHERE number = 3",
        " 年 1–5 号",
        "不连续",
    ),
    "a seal number twice": (
        "UPDATE seal_use SET number = 2 WHERE number = 3",
        "年",
        "重复",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_names(day, change):
    statement, where, what = CHANGES[change]
    faults = tamper(statement)
    assert any(where in fault and what in fault for fault in faults), faults


def test_it_names_two_entries_swapped(day):
    faults = tamper(
        "UPDATE journal SET seq = -1 WHERE stream = 1 AND seq = 3",
        "UPDATE journal SET seq = 3 WHERE stream = 1 AND seq = 4",
        "UPDATE journal SET seq = 4 WHERE stream = 1 AND seq = -1",
    )
    assert any("本机流水第 3 条" in f and "哈希链不符" in f for f in faults), faults
    assert any("本机流水第 4 条" in f and "哈希链不符" in f for f in faults), faults


def test_it_names_the_cut_off_end_of_what_was_uploaded(day):
    from exports.sync import sync

    sync()
    faults = tamper("DELETE FROM journal WHERE stream = 1 AND seq > 10")
    assert any("缺少结尾" in fault for fault in faults), faults


def test_it_names_a_row_rewritten_together_with_its_entry(day):
    """Row and entry agree; only the digest in the chain still knows better."""
    change: Callable[[str], str] = "replace({}, '张伟', '张玮')".format
    faults = tamper(
        f"UPDATE visit SET visitor_name = {change('visitor_name')}",
        f"UPDATE journal SET payload = {change('payload')} WHERE stream = 1",
    )
    assert any("内容被改动" in fault for fault in faults), faults


def test_it_names_a_damaged_page(day, station):
    models.close_database()
    path = station.station / "desk.db"
    data = bytearray(path.read_bytes())
    data[5 * 4096 + 700] ^= 1
    path.write_bytes(data)
    from models.errors import UserError

    try:
        models.open_database(station.station)
        found = [fault.what for fault in models.verify().faults]
    except UserError as error:
        found = [str(error)]
    assert any("损坏" in text for text in found), found
