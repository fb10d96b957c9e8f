"""Personal data are erased everywhere, and every chain still verifies."""

import random
import shutil

import pytest
from exchange import batches_of, exchange, work
from peewee import IntegrityError

import models
from exports.ledgers import VISITS, export_ledger
from exports.ledgers.checking import check_ledger
from exports.sync import batch, keys, sync, sync_state
from exports.sync.forgetting import NOT_MEANT
from models import UserError, VisitOutcome, clock, journal, searchindex
from models.base import db, table_of
from models.drafts import Draft, keep_draft
from models.erasure import (
    GONE,
    PERSONAL,
    ErasedRow,
    Erasure,
    blanked,
    erase_person,
    erase_record,
    waits_for_stations,
)
from models.installation import installation
from models.storage import on_server
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict
from models.visits import Visit

NUMBER, PHONE = "2023110002", "13800000002"
NAME = "覃小燕"


def visit_of(number: str, *, note: str = "", service=None) -> Visit:
    student = models.Student.get(models.Student.number == number)
    return models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=service or models.services_of(models.this_desk())[0],
        outcome=VisitOutcome.DONE,
        student=student,
        note=note,
        result="当场办妥",
    )


def traces(*words: str) -> list[str]:
    """Where in the open database any of the words still stands."""
    found = []
    for name in db.get_tables():
        if name.startswith("find") or name == "student":
            continue
        for row in db.execute_sql(f'SELECT * FROM "{name}"').fetchall():
            if any(word in str(value) for value in row for word in words):
                found.append(name)
    return found


def vocabulary() -> set[str]:
    """Every word that stands anywhere in the search index of visits."""
    searchindex.catch_up()
    if on_server():
        tokens = db.execute_sql("SELECT tsvector_to_array(tokens) FROM find_visit")
        return {word for (words,) in tokens.fetchall() for word in words}
    db.execute_sql(
        "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, find_visit, 'row')"
    )
    words = {w for (w,) in db.execute_sql("SELECT term FROM temp.words").fetchall()}
    db.execute_sql("DROP TABLE temp.words")
    return words


def chief():
    return models.person_signing_in("B0001")


def on_share(centre, word: str) -> list[str]:
    """Files of which somebody holding the recovery key still reads the word."""
    secret = (centre.root / "recovery.key").read_text("utf-8")
    identity = next(
        line for line in secret.split() if line.startswith("AGE-SECRET-KEY")
    )
    found = []
    for path in sorted(centre.share.rglob("*.batch")):
        sealed = path.read_bytes().split(b"\n", 3)[3]
        if word.encode() in batch._unpack(keys.decrypt(sealed, identity)):
            found.append(path.name)
    return found


def erase(centre, number: str = NUMBER) -> Erasure:
    models.open_database(centre.office)
    return erase_person(number, by=chief(), reason="本人书面申请 2026-11-20").order


def test_a_person_is_erased_at_every_station_and_everything_still_counts(centre):
    models.open_database(centre.station)
    for n in range(3):
        visit_of(NUMBER, note=f"{NAME}的家长来电 {n}")
    told = vocabulary()
    other = visit_of("2023110001", note="另一位同学")
    keep_draft("visits", f'{{"number": "{NUMBER}"}}')
    vocabulary()
    exchange(centre.station, centre.office, centre.station)
    files = {path.name for path in batches_of(centre, centre.station)}
    models.open_database(centre.office)
    searchindex.catch_up()
    heads = db.execute_sql("SELECT stream, seq, hash, digest FROM journal").fetchall()
    before = {(v.uid, v.number, v.outcome, v.quantity) for v in Visit.select()}
    order = erase(centre)
    assert waits_for_stations(order) == 3 and order.person_name == "顾主任"
    assert {*heads} <= {
        *db.execute_sql("SELECT stream, seq, hash, digest FROM journal").fetchall()
    }
    for folder in (centre.office, centre.station, centre.office, centre.station):
        exchange(folder)
        assert models.verify().faults == []
    exchange(centre.office)
    assert waits_for_stations(order) == 0
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        assert traces(NUMBER, PHONE, NAME) == []
        assert models.Student.get_or_none(models.Student.number == NUMBER) is None
        assert {
            (v.uid, v.number, v.outcome, v.quantity) for v in Visit.select()
        } == before
        gone = [v for v in Visit.select() if v.uid != other.uid]
        assert {(v.visitor_name, v.phone, v.note) for v in gone} == {(GONE, "", "")}
        kept = Visit.get_by_id(other.uid)
        assert (kept.visitor_name, kept.note) == ("张伟", "另一位同学")
        assert Draft.select().count() == 0
        assert not any(NUMBER in word or PHONE in word for word in vocabulary())
        assert len(vocabulary() & told) < len(told)
        state = sync_state()
        assert (state.waiting, state.quarantined, state.conflicts) == (0, 0, 0)
    assert on_share(centre, NUMBER) == []
    assert not files & {path.name for path in batches_of(centre, centre.station)}


def test_what_a_desk_wrote_before_it_heard_of_it_comes_in_erased(centre):
    """The office knows one visit of two, and one of those two has moved on."""
    models.open_database(centre.station)
    known = visit_of(NUMBER, note="一")
    exchange(centre.station, centre.office)
    models.open_database(centre.station)
    unknown = visit_of(NUMBER, note="二")
    models.void_visit(
        Visit.get_by_id(known.uid),
        by=models.person_signing_in("T001"),
        reason=f"{NAME}来电撤回",
    )
    sync()  # both on the share, nothing of them at the office
    erase(centre)
    exchange(centre.office)
    row = Visit.get_by_id(known.uid)
    assert (row.is_void, row.visitor_name, row.void_reason) == (True, GONE, "")
    # The other one is not named yet: its station finds it.
    assert Visit.get_by_id(unknown.uid).student_number == NUMBER
    assert models.verify().faults == []
    exchange(centre.station, centre.office, centre.station, centre.office)
    assert Visit.get_by_id(unknown.uid).visitor_name == GONE
    follow = Erasure.select().order_by(Erasure.uid.desc()).first()
    assert (follow.cause, [row[1] for row in follow.rows]) == (
        "follow_up",
        [unknown.uid],
    )
    exchange(centre.station, centre.office, centre.station)
    for folder in (centre.station, centre.office):
        models.open_database(folder)
        assert traces(NUMBER, PHONE, NAME) == []
        assert models.verify().faults == []
    assert on_share(centre, NUMBER) == []


def test_who_comes_again_afterwards_is_written_down_as_anybody(centre):
    """A new revision of an erased row, and a new visit, hold what they hold."""
    models.open_database(centre.station)
    old = visit_of(NUMBER)
    exchange(centre.station, centre.office)
    erase(centre)
    exchange(centre.office, centre.station, centre.office, centre.station)
    models.void_visit(
        Visit.get_by_id(old.uid),
        by=models.person_signing_in("T001"),
        reason="登记在错误的事项下",
    )
    exchange(centre.station, centre.office)
    row = Visit.get_by_id(old.uid)
    assert (row.revision, row.visitor_name) == (2, GONE)
    assert row.void_reason == "登记在错误的事项下"
    assert models.verify().faults == []


def test_an_office_that_begins_anew_has_the_rows_again_without_their_content(centre):
    models.open_database(centre.station)
    visit = visit_of(NUMBER)
    visit_of("2023110001")
    old = centre.root / "old office"
    exchange(centre.station)
    models.close_database()
    shutil.copytree(centre.office, old)
    (first,) = batches_of(centre, centre.station)
    data = first.read_bytes()
    exchange(centre.office)
    erase(centre)
    for folder in (centre.office, centre.station, centre.office, centre.station):
        exchange(folder)
    row = table_of(Visit).values_of(Visit.get_by_id(visit.uid))
    # Of the two files of the same entries somebody has kept the older one.
    batches_of(centre, centre.station)[0].unlink()
    first.write_bytes(data)
    models.close_database()
    shutil.rmtree(centre.office)
    old.rename(centre.office)
    exchange(centre.office, centre.station, centre.office, centre.station)
    models.open_database(centre.office)
    assert table_of(Visit).values_of(Visit.get_by_id(visit.uid)) == row
    assert Visit.select().count() == 2 and traces(PHONE) == []
    assert models.verify().faults == []
    state = sync_state()
    assert (state.quarantined, state.conflicts) == (0, 0)


def test_a_desk_put_back_from_an_old_backup_forgets_again(centre):
    """And what the office gave back to it before is forgotten as well."""
    backup = centre.root / "backup"
    models.open_database(centre.station)
    visit_of(NUMBER, note="第一次")
    models.close_database()
    shutil.copytree(centre.station, backup)
    models.open_database(centre.station)
    visit_of(NUMBER, note="第二次")
    exchange(centre.station, centre.office, centre.station)

    def put_back():
        models.close_database()
        shutil.rmtree(centre.station)
        shutil.copytree(backup, centre.station)
        models.open_database(centre.station)
        models.set_share(str(centre.share))
        models.epochs.open_epoch("restored")

    put_back()
    exchange(*[centre.station, centre.office] * 3, centre.station)
    assert Visit.select().count() == 2  # the second one was given back
    erase(centre)
    exchange(*[centre.office, centre.station] * 3)
    put_back()
    assert traces(NUMBER) != []
    exchange(*[centre.station, centre.office] * 4)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        assert traces(NUMBER, PHONE, "第一次", "第二次") == []
        assert models.verify().faults == []
    assert on_share(centre, NUMBER) == []


def test_one_record_of_a_stranger_is_erased_with_its_steps(centre):
    models.open_database(centre.station)
    models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=models.services_of(models.this_desk())[0],
        outcome=VisitOutcome.DONE,
        visitor_name="家长赵某",
        phone="13911112222",
        result="当场办妥",
    )
    exchange(centre.station, centre.office)
    visit = Visit.get()
    with pytest.raises(UserError, match="依据"):
        erase_record(visit, by=chief(), reason=" ")
    with pytest.raises(UserError, match="没有这个学号"):
        erase_person("2099999999", by=chief(), reason="申请")
    with pytest.raises(UserError, match="没有需要删除"):
        erase_record(models.Desk.select().first(), by=chief(), reason="申请")
    erased = erase_record(visit, by=chief(), reason="本人申请")
    assert erased.counts == {"visit": 1}
    assert traces("赵某", "13911112222") == []
    models.open_database(centre.station)
    with pytest.raises(UserError, match="中心办公室"):
        erase_person(NUMBER, by=models.person_signing_in("T001"), reason="申请")


def test_an_open_case_is_not_erased(centre):
    models.open_database(centre.station)
    service = next(
        service
        for service in models.services_of(models.this_desk())
        if service.kind == "promised"
    )
    models.record_visit(
        by=models.person_signing_in("2024110201"),
        service=service,
        outcome=VisitOutcome.PROMISED,
        student=models.Student.get(models.Student.number == NUMBER),
    )
    exchange(centre.station, centre.office)
    with pytest.raises(UserError, match="没办结"):
        erase(centre)
    assert Erasure.select().count() == 0 and Visit.get().student_number == NUMBER


# -- what nobody may do ---------------------------------------------------------------


REFUSED = [
    "payload = '{}', salt = NULL",
    "payload = NULL",
    "salt = NULL",
    *(
        f"payload = NULL, salt = NULL, {column} = {value}"
        for column, value in (
            ("id", "id + 1000"),
            ("stream", "2"),
            ("seq", "seq + 1000"),
            ("at", "'2026'"),
            ("person", "'x'"),
            ("table_name", "'x'"),
            ("row_uid", "'x'"),
            ("revision", "9"),
            ("audience", "'all'"),
            ("digest", "'x'"),
            ("hash", "'x'"),
        )
    ),
]


def test_the_journal_loses_payload_and_salt_and_nothing_else(centre):
    models.open_database(centre.station)
    work(centre.station)
    step = "INSERT INTO visit_step SELECT 'u', 1, station, uid, number, 'progress', "
    db.execute_sql(
        f"{step} arrived_at, '', '', '', '', NULL, '姓名', '', '', '[]' FROM visit "
        "LIMIT 1"
    )
    for change in REFUSED:
        with pytest.raises(IntegrityError), models.transaction():
            db.execute_sql(f"UPDATE journal SET {change} WHERE stream = 1 AND seq = 2")
    for change in ("note = '改'", "note = '', kind = 'finished'", "revision = 2"):
        with pytest.raises(IntegrityError, match="only ever added"):
            db.execute_sql(f"UPDATE visit_step SET {change}")
    db.execute_sql("UPDATE visit_step SET note = ''")
    erased = (
        "UPDATE journal SET payload = NULL, salt = NULL WHERE stream = 1 AND seq = 2"
    )
    assert db.execute_sql(erased).rowcount == 1
    for back in ("payload = '{}'", "payload = '{}', salt = '00'"):
        with pytest.raises(IntegrityError):
            db.execute_sql(f"UPDATE journal SET {back} WHERE stream = 1 AND seq = 2")
    # Allowed by the triggers, and told all the same: nobody ordered it.
    (missing, *_others) = [fault.what for fault in models.verify().faults]
    assert missing == "流水的内容不见了，又没有删除的记录"


def test_a_blanked_row_that_is_filled_again_is_found(centre):
    models.open_database(centre.station)
    visit = visit_of(NUMBER)
    exchange(centre.station, centre.office)
    erase(centre)
    assert models.verify().faults == []
    for change in ("phone = '1'", "outcome = 'refused'", "quantity = 7"):
        db.execute_sql(f"UPDATE visit SET {change} WHERE uid = ?", (visit.uid,))
        (fault,) = models.verify().faults
        assert fault.what.startswith("记录与流水不符")
        db.execute_sql(
            "UPDATE visit SET phone = '', outcome = 'done', quantity = 1 WHERE uid = ?",
            (visit.uid,),
        )


def test_every_text_of_a_table_that_is_erased_is_either_blanked_or_known_to_stay():
    stays = {
        "visit": "number arrived_at channel materials outcome repeat_cause rated_by "
        "follows_uid follows_number occasion_uid trip finished_at due_on",
        "visit_step": "visit_uid visit_number kind at due_on seen",
        "loan": "number what approver lent_at due_back_on returns returned_at",
        "booking": "number asked_at venue starts_at ends_at approver status "
        "cancelled_at",
        "seal_use": "used_at unit approver copy_kept entered_at corrects_uid "
        "corrects_number reservation_uid",
        "student": "",
    }
    # Who worked there, and where: records of the desk, not of the visitor.
    desk = (
        "uid station desk_uid desk_name by_desk_uid by_desk_name department_uid "
        "department_name duty_unit_uid duty_unit_name service_uid service_name "
        "service_kind first_receiver_uid first_receiver_name handler_uid handler_name "
        "person_uid person_name lender_uid lender_name canceller_name seal_uid "
        "seal_name sealer_uid sealer_name"
    ).split()
    for name, blanks in PERSONAL.items():
        model = RECORD_BY_NAME[name]
        texts = {
            field.column_name
            for field in model._meta.sorted_fields
            if field.field_type not in ("INT", "BOOL")
        }
        assert texts - {*blanks} - {*desk} == {*stays[name].split()} & texts, name
        row = table_of(model).as_stored(table_of(model).values_of(model()))
        assert blanked(name, blanked(name, row)) == blanked(name, row)


def test_a_printed_ledger_is_checked_and_says_what_was_erased_since(centre, tmp_path):
    models.open_database(centre.station)
    visit_of(NUMBER, note="需要保密")
    visit_of("2023110001")
    exchange(centre.station, centre.office)
    today = clock.today()
    path = tmp_path / "台账.docx"
    export_ledger(VISITS, path, first=today, last=today)
    assert check_ledger(path).good
    erase(centre)
    checked = check_ledger(path)
    assert checked.good and checked.faults == []
    assert any("已按规定删除个人信息" in note for note in checked.notes)
    # What was not erased must still be what was printed.
    db.execute_sql("UPDATE visit SET service_name = '别的事项'")
    assert not check_ledger(path).good


# -- on the share and between versions ---------------------------------------------


def test_files_go_only_when_the_office_has_said_that_it_knows(centre):
    models.open_database(centre.station)
    visit_of(NUMBER)
    exchange(centre.station, centre.office, centre.station)
    (old,) = batches_of(centre, centre.station)
    erase(centre)
    exchange(centre.office, centre.station)  # erased here, not yet confirmed
    assert old in batches_of(centre, centre.station)
    exchange(centre.station, centre.office)
    assert old in batches_of(centre, centre.station)
    data = old.read_bytes()
    exchange(centre.station)
    files = batches_of(centre, centre.station)
    assert old not in files and len(files) == 2
    assert journal.Stream.select().where(journal.Stream.stale).count() == 0
    # An older program refuses such a batch, and takes the other ones.
    readers = {}
    for path in files:
        header, _ = batch.read_header(
            path.name,
            path.read_bytes(),
            keys.Identity(
                installation().sign_seed, installation().age_identity
            ).sign_key,
        )
        readers[header.first] = header.min_reader
    assert readers == {1: 2, 2: 1}
    # Somebody puts the old file back: the office knows it, and nothing returns.
    old.write_bytes(data)
    exchange(centre.office, centre.station)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        assert traces(NUMBER, PHONE) == [] and models.verify().faults == []


def test_what_a_desk_says_it_erased_goes_no_further_than_the_office_ordered(centre):
    """A desk would like its own record gone from the office's books."""
    models.open_database(centre.station)
    visit_of(NUMBER)
    hidden = visit_of("2023110001")
    exchange(centre.station, centre.office)
    order = erase(centre)
    exchange(centre.office, centre.station)
    by = models.person_signing_in("T001")
    row = Visit.get_by_id(hidden.uid)
    rest = blanked("visit", table_of(Visit).as_stored(table_of(Visit).values_of(row)))
    with models.transaction():
        for uid in (order.uid, "0" * 32):
            ErasedRow(
                at=clock.now(),
                erasure_uid=uid,
                about_table="visit",
                row_uid=hidden.uid,
                upto=1,
                rest=rest,
            ).write(by=by)
    exchange(centre.station, centre.office)
    assert Visit.get_by_id(hidden.uid).visitor_name == "张伟"
    assert [c.reason for c in Conflict.select()] == [NOT_MEANT]
    assert models.verify().faults == []


@pytest.mark.parametrize("seed", range(4))
def test_random_erasures_between_random_merges_leave_both_sides_alike(centre, seed):
    chance = random.Random(seed)
    numbers = [f"202311000{n}" for n in (1, 2, 3)]
    stations = [centre.station]
    rows = {}
    for step in range(16):
        what = chance.choice(["visit", "visit", "void", "sync", "sync", "erase"])
        if what in ("visit", "void"):
            models.open_database(chance.choice(stations))
            mine = list(Visit.select().where(~Visit.is_void))
            left = [
                n
                for n in numbers
                if models.Student.get_or_none(models.Student.number == n)
            ]
            if what == "visit" and left:
                visit_of(chance.choice(left), note=f"说明{step}")
            elif mine:
                models.void_visit(
                    chance.choice(mine),
                    by=models.person_signing_in("T001"),
                    reason=f"原因{step}",
                )
        elif what == "sync":
            exchange(chance.choice([centre.office, *stations]))
        else:
            models.open_database(centre.office)
            number = chance.choice(numbers)
            if Visit.select().where(Visit.student_number == number).exists():
                erase(centre, number)
        assert models.verify().faults == [], step
    for folder in [centre.station, centre.office] * 4:
        exchange(folder)
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        assert models.verify().faults == []
        table = table_of(Visit)
        rows[folder] = db.execute_sql(f"{table.select_sql} ORDER BY uid").fetchall()
        state = sync_state()
        assert (state.waiting, state.quarantined, state.conflicts) == (0, 0, 0)
        for order in Erasure.select():
            for name, uid, _upto in order.rows:
                blank = RECORD_BY_NAME[name].get_by_id(uid)
                told = {getattr(blank, c, "") for c in ("phone", "student_number")}
                assert told <= {""}
    assert rows[centre.office] == rows[centre.station]
    models.open_database(centre.office)
    for number in numbers:
        if models.Student.get_or_none(models.Student.number == number) is None:
            assert on_share(centre, number) == []
