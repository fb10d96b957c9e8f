"""What was typed and not saved is kept on this PC: no record, and never sent."""

from datetime import datetime

import models
from models import clock
from models.base import db
from models.drafts import drafts, forget_draft, keep_draft

AT = datetime(2026, 11, 23, 14, 32, 40)


def test_a_draft_is_replaced_forgotten_and_survives_the_end(station, teacher):
    with clock.set_at(AT):
        keep_draft("visits", '{"a": 1}', person_uid=teacher.uid, person_name="张三")
        keep_draft("cases", "{}")
    with clock.set_at(AT.replace(hour=15)):
        keep_draft("visits", '{"a": "曾单的电话 13800000009"}', person_name="李四")
    models.close_database()
    for file in station.station.iterdir():
        assert b"13800000009" not in file.read_bytes()
    models.open_database(station.station)
    (newest, other) = drafts()
    assert (newest.place, newest.person_name) == ("visits", "李四")
    assert newest.saved_at == AT.replace(hour=15)
    assert other.place == "cases"
    forget_draft("visits")
    forget_draft("never kept")
    assert [draft.place for draft in drafts()] == ["cases"]


def test_a_draft_is_in_no_journal_and_no_batch(station, teacher):
    before = db.execute_sql("SELECT count(*) FROM journal").fetchone()
    keep_draft("visits", '{"secret": "没保存"}')
    assert db.execute_sql("SELECT count(*) FROM journal").fetchone() == before
    models.verify()
    assert "draft" not in {record._meta.table_name for record in models.tables.RECORDS}
