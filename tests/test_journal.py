import json

import pytest
from peewee import IntegrityError

import models
from models import UserError, Visit, VisitOutcome, journal
from models.base import db
from models.journal import OWN, Entry, Stream
from models.uids import new_uid


def take(by, service, **more):
    return models.record_visit(
        by=by, service=service, outcome=VisitOutcome.DONE, visitor_name="张伟", **more
    )


def own_entries():
    return list(Entry.select().where(Entry.stream == OWN).order_by(Entry.seq))


def test_each_write_is_one_entry_with_the_whole_row(assistant, service):
    visit = take(assistant, service)
    models.rate_visit(visit, 4, by=assistant)
    first, second = own_entries()
    assert (first.seq, first.revision, second.seq, second.revision) == (1, 1, 2, 2)
    assert first.row_uid == second.row_uid == visit.uid
    assert first.person == assistant.uid
    assert json.loads(first.payload)["visitor_name"] == "张伟"
    assert json.loads(second.payload)["rating"] == 4


def test_the_chain_is_as_documented(assistant, service):
    """Rebuilt here from the docstring alone, with nothing of the program."""
    from hashlib import sha256

    take(assistant, service)
    take(assistant, service)
    here, stream = models.installation(), Stream.get_by_id(OWN)
    start = f"journal 1\n{here.realm}\n{stream.sender}\n{stream.addressee}"
    head = sha256(start.encode()).hexdigest()
    for entry in own_entries():
        digest = sha256(bytes.fromhex(entry.salt) + entry.payload.encode()).hexdigest()
        assert digest == entry.digest
        fields = (head, entry.seq, entry.at, entry.person, entry.table_name)
        fields += (entry.row_uid, entry.revision, entry.audience, digest)
        head = sha256("\n".join(map(str, fields)).encode()).hexdigest()
        assert head == entry.hash


def test_an_operation_that_fails_leaves_neither_row_nor_entry(assistant, service):
    with pytest.raises(RuntimeError), models.transaction():
        take(assistant, service)
        raise RuntimeError("power cut")
    assert (Visit.select().count(), own_entries()) == (0, [])
    take(assistant, service)
    assert [entry.seq for entry in own_entries()] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET payload = '{}'",
        "UPDATE journal SET payload = NULL",
        "DELETE FROM journal",
        "DELETE FROM visit",
        "DELETE FROM student",
    ],
)
def test_the_database_itself_refuses(assistant, service, statement):
    take(assistant, service)
    with pytest.raises(IntegrityError, match=r"append-only|never deleted"):
        db.execute_sql(statement)


def test_every_way_past_the_journal_is_refused(assistant, service):
    visit = take(assistant, service)
    attempts = [
        lambda: Visit.create(number="x"),
        lambda: Visit.insert(number="x"),
        lambda: Visit.insert_many([{"number": "x"}]),
        lambda: Visit.replace(number="x"),
        lambda: Visit.update(note="x"),
        lambda: Visit.update({Visit.note: "x"}),
        lambda: Visit.delete(),
        lambda: Visit.delete_by_id(visit.uid),
        lambda: Visit.set_by_id(visit.uid, {"note": "x"}),
        lambda: Visit.bulk_create([visit]),
        lambda: Visit.bulk_update([visit], [Visit.note]),
        lambda: Visit.get_or_create(number="x"),
        lambda: visit.save(),
        lambda: visit.delete_instance(),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match="journalled"):
            attempt()


def test_a_row_is_written_inside_a_transaction_only(assistant, service):
    visit = take(assistant, service)
    with pytest.raises(TypeError, match="transaction"):
        visit.write(by=assistant)


def test_a_row_is_written_by_its_own_station_only(assistant, service):
    visit = take(assistant, service)
    visit.station = new_uid()
    with pytest.raises(ValueError, match="belongs to station"), models.transaction():
        visit.write(by=assistant)


def test_office_data_is_refused_at_a_desk_and_the_reverse(office, assistant):
    with pytest.raises(UserError, match="办公室的电脑"), models.transaction():
        models.Department(name="新部门").write(by=assistant)
    models.open_database(office.office)
    by = models.person_signing_in("B0001")
    with pytest.raises(UserError, match="窗口电脑"), models.transaction():
        models.VisitStep(
            visit_uid="x",
            visit_number="x",
            kind="x",
            at=models.clock.now(),
            person_uid="x",
            person_name="x",
        ).write(by=by)


def test_many_rows_at_once_are_journalled_like_one(office):
    by = models.person_signing_in("B0001")
    before = journal.tip()[0]
    with models.transaction():
        models.Student.write_new(
            [models.Student(number=f"X{n}", name="某人") for n in range(500)], by=by
        )
    assert journal.tip()[0] == before + 500
    assert models.verify().faults == []


def test_identifiers_ascend_even_within_a_millisecond():
    made = [new_uid() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {uid[12] for uid in made} == {"7"}
    assert {uid[16] for uid in made} <= set("89ab")
