"""The journal: what was written, in order, chained by hash.

A stream is a numbered sequence of entries from one sender to one addressee.  The
station's own stream (`OWN`) holds everything it ever wrote; the streams of others are
copies that came in over the shared folder.  Each entry's hash covers the hash before
it, so nothing can be changed, taken out or put in between without a trace:

    digest  = SHA-256(salt || payload)
    hash    = SHA-256(previous hash, seq, at, person, table, row, revision,
                      audience, digest)          each on a line of its own, UTF-8

The hash covers the salted digest instead of the payload, so that personal data can
be erased (payload and salt) while the chain still verifies, and so that an entry can
be passed on without its content to someone who may not read it.
"""

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from peewee import BooleanField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.base import Local, MomentField, Table, db, execute_many

if TYPE_CHECKING:
    from models.people import Person

OWN = 1  # the id of the station's own stream in its own database
FORMAT = 1


class Stream(Local):
    """One sequence of entries: mine, or a copy of somebody else's."""

    sender = TextField()
    addressee = TextField()  # "office", "all" or a station's uid
    epoch = TextField()
    own = BooleanField(default=False)
    # How far a copied stream has been taken over, and its hash there.
    upto = IntegerField(default=0)
    head = TextField(default="")
    # Seal uses so far and their chained hash: what the office countersigns.
    seal_count = IntegerField(default=0)
    seal_head = TextField(default="")
    # Of an own stream: what lies in the shared folder, and what a receipt confirms.
    # Of a copied one from the office, `confirmed_upto`: the messages acted upon.
    # And `published_upto`: where its files on the share end, when that is too early.
    published_upto = IntegerField(default=0)
    confirmed_upto = IntegerField(default=0)
    # What a copied stream waits for ("" when for nothing), for people.
    waits_for = TextField(default="")
    # Of an own stream to one station: the journal entry (its id) up to which referred
    # cases were looked through for what that station should have.
    relayed_upto = IntegerField(default=0)
    # What a person asked for once more: of a copied stream the settlement that says
    # so, of an own one the last that was served.
    asked = TextField(default="")
    # Of an own stream: files on the share may hold what was erased since.
    stale = BooleanField(default=False)
    # Of a copied stream: from which entry on a newer program wrote it than read it.
    newer_from = IntegerField(default=0)
    newer_schema = IntegerField(default=0)
    # Whom an own stream was last sealed to: with another circle it is sealed anew.
    sealed_to = TextField(default="")
    # Of a copied stream: when a batch of it was last read, be it an empty one.
    heard_at = MomentField(null=True)
    # Of a copied stream: when its sender, by its own clock, spoke last.  Of an own one:
    # when something was last published.  For people, never for the order of anything.
    said_at = MomentField(null=True)

    class Meta:
        table_name = "stream"
        indexes = ((("sender", "addressee", "epoch"), True),)


class Entry(Local):
    """One line of a stream.  Triggers refuse to change or delete it."""

    stream = ForeignKeyField(Stream, column_name="stream", index=False)
    seq = IntegerField()
    at = TextField()
    person = TextField()
    table_name = TextField()
    row_uid = TextField(index=True)
    revision = IntegerField()
    audience = TextField()
    salt = TextField(null=True)
    payload = TextField(null=True)
    digest = TextField()
    hash = TextField()

    class Meta:
        table_name = "journal"
        indexes = ((("stream", "seq"), True),)


class BatchFile(Local):
    """A file of the shared folder that was published or taken over."""

    stream = ForeignKeyField(Stream, column_name="stream", index=False)
    name = TextField()

    class Meta:
        table_name = "batch_file"
        indexes = ((("stream", "name"), True),)


TRIGGERS = [
    # But for one thing: content goes, salt and all (`models.erasure`).
    """CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
       WHEN NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL
         OR NEW.id IS DISTINCT FROM OLD.id
         OR NEW.stream IS DISTINCT FROM OLD.stream
         OR NEW.seq IS DISTINCT FROM OLD.seq OR NEW.at IS DISTINCT FROM OLD.at
         OR NEW.person IS DISTINCT FROM OLD.person
         OR NEW.table_name IS DISTINCT FROM OLD.table_name
         OR NEW.row_uid IS DISTINCT FROM OLD.row_uid
         OR NEW.revision IS DISTINCT FROM OLD.revision
         OR NEW.audience IS DISTINCT FROM OLD.audience
         OR NEW.digest IS DISTINCT FROM OLD.digest
         OR NEW.hash IS DISTINCT FROM OLD.hash
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_is_never_cut BEFORE DELETE ON journal
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
]

COLUMNS = (
    "stream, seq, at, person, table_name, row_uid, revision, audience, "
    "salt, payload, digest, hash"
)


def insert_sql() -> str:
    return f"INSERT INTO journal ({COLUMNS}) VALUES ({', '.join([db.param] * 12)})"


def genesis(realm: str, sender: str, addressee: str) -> str:
    """What stands before the first entry: it ties a chain to its owner."""
    return sha256(
        f"journal {FORMAT}\n{realm}\n{sender}\n{addressee}".encode()
    ).hexdigest()


def digest_of(salt: str, payload: bytes) -> str:
    return sha256(bytes.fromhex(salt) + payload).hexdigest()


def next_hash(
    previous: str,
    seq: int,
    at: str,
    person: str,
    table: str,
    row: str,
    revision: int,
    audience: str,
    digest: str,
) -> str:
    says = f"{at}\n{person}\n{table}\n{row}\n{revision}\n{audience}"
    return chained(previous, seq, says, digest)


def chained(previous: str, seq: int, says: str, digest: str) -> str:
    """The hash of an entry that *says* of itself what its middle lines hold."""
    return sha256(f"{previous}\n{seq}\n{says}\n{digest}".encode()).hexdigest()


def next_seal_head(previous: str, entry_hash: str) -> str:
    """The chained hash over the entries of the seal ledger alone."""
    return sha256(f"{previous}\n{entry_hash}".encode()).hexdigest()


encode = msgspec.json.Encoder().encode


def tip(stream: int = OWN) -> tuple[int, str]:
    """Number and hash of the last entry of an own stream."""
    row = db.execute_sql(
        f"SELECT seq, hash FROM journal WHERE stream = {db.param} "
        "ORDER BY seq DESC LIMIT 1",
        (stream,),
    ).fetchone()
    if row is not None:
        return row[0], row[1]
    from models.installation import installation

    here = Stream.get_by_id(stream)
    return 0, genesis(installation().realm, here.sender, here.addressee)


def append(
    table: Table, rows: list[list[Any]], *, by: "Person | None", stream: int = OWN
) -> None:
    """Add one entry for each row of *table* (values in the order of its columns)."""
    uid, revision = table.places["uid"], table.places["revision"]
    entries = [
        (table.name, row[uid], row[revision], table.payload_of(row)) for row in rows
    ]
    append_entries(entries, by=by, audience=table.model.audience, stream=stream)


def append_again(
    lines: list[tuple[str, str, str, str, int, str, str, str]], *, stream: int = OWN
) -> None:
    """Chain entries that stood elsewhere before: with their time, person and salt.

    A line is (at, person, table, row uid, revision, audience, salt, payload).  With its
    salt an entry keeps its digest, by which others know it for the same.
    """
    seq, head = tip(stream)
    rows = []
    for at, person, name, row_uid, revision, audience, salt, payload in lines:
        seq += 1
        digest = digest_of(salt, payload.encode())
        head = next_hash(
            head, seq, at, person, name, row_uid, revision, audience, digest
        )
        line = (stream, seq, at, person, name, row_uid, revision, audience, salt)
        rows.append((*line, payload, digest, head))
    execute_many(insert_sql(), rows)


def append_entries(
    entries: list[tuple[str, str, int, bytes]],
    *,
    by: "Person | None",
    audience: str,
    stream: int = OWN,
) -> None:
    """Chain (table, row uid, revision, payload) to the end of an own stream."""
    seq, head = tip(stream)
    at, person = clock.stamp(), by.uid if by else ""
    lines = []
    for name, row_uid, revision, payload in entries:
        seq += 1
        salt = secrets.token_hex(16)
        digest = digest_of(salt, payload)
        head = next_hash(
            head, seq, at, person, name, row_uid, revision, audience, digest
        )
        line = (stream, seq, at, person, name, row_uid, revision, audience, salt)
        lines.append((*line, payload.decode(), digest, head))
    if len(lines) == 1:
        db.execute_sql(insert_sql(), lines[0])
    else:
        execute_many(insert_sql(), lines)
