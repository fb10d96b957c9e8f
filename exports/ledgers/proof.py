"""What a printed ledger says of itself, so that it can be checked again.

The footer shows people the head of the journal at the moment of the export.  The same
and what was chosen stand in the file's custom properties: with them
`exports.ledgers.checking` reads the very rows once more, as they were recorded then.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256

import msgspec

from exports.ledgers.selection import Selection
from exports.ledgers.splits import Part
from models import clock, journal, migrations
from models.installation import installation
from models.journal import Stream

FORMAT = 1

# How records are put into words.  Raised when a ledger says the same in other words:
# what was printed before is then not called a forgery.
WORDING = 3

# The texts among the custom properties.
PROOF, CELLS = "LedgerProof", "LedgerCells"


class Head(msgspec.Struct, array_like=True, frozen=True):
    """How far a stream went, and the hash there."""

    sender: str
    addressee: str
    epoch: str
    seq: int
    hash: str


class Proof(msgspec.Struct, frozen=True):
    """What a program needs to read the same rows again."""

    format: int
    # The tables' version: a ledger of a newer program may have other columns.
    schema: int
    centre: str
    station: str
    station_name: str
    ledger: str
    headings: str
    first: date
    last: date
    printed_at: datetime
    rows: int
    streams: list[Head]
    desk: str = ""
    seal: str = ""
    department: str = ""
    worker: str = ""
    # The station whose own records are meant; "" for those of all.
    recorder: str = ""
    wording: int = 1
    # Parts of phone numbers and student numbers are hidden in it.
    masked: bool = False
    # One of the files of a ledger that was split by rows: how many rows of it are in
    # the files before, and in all of them.  The latter is 0 for a whole ledger.
    skipped: int = 0
    whole: int = 0
    # Which file it is, of how many.
    part: int = 1
    parts: int = 1
    heading_rows: int = 1

    @property
    def of(self) -> Part:
        """Which part of its ledger the file is."""
        return Part(self.part, self.parts, self.skipped, self.rows)

    @property
    def text(self) -> str:
        return msgspec.json.encode(self).decode()


def proof_of(
    code: str,
    headings: Sequence[str],
    chosen: Selection,
    part: Part,
    *,
    whole: int = 0,
    heading_rows: int = 1,
) -> Proof:
    """Runs in the transaction of the export: rows and journal are of one moment.

    *headings* are those of all *heading_rows*, *whole* is 0 for a *part* of one.
    """
    here = installation()
    narrowed = {
        name: record.uid
        for name in ("desk", "seal", "department", "worker")
        if (record := getattr(chosen, name)) is not None
    }
    return Proof(
        format=FORMAT,
        schema=1 + len(migrations.STEPS),
        centre=mark_of(here.realm),
        station=here.station_uid,
        station_name=here.name,
        ledger=code,
        headings=mark_of(*headings),
        first=chosen.first,
        last=chosen.last,
        printed_at=clock.now(),
        rows=part.rows,
        streams=heads(),
        recorder=chosen.recorder,
        wording=WORDING,
        masked=chosen.masked,
        skipped=part.skipped,
        whole=whole,
        part=part.number,
        parts=part.of,
        heading_rows=heading_rows,
        **narrowed,
    )


def heads() -> list[Head]:
    """How far every stream of this station goes: its own, and those of others."""
    streams = Stream.select().order_by(Stream.sender, Stream.addressee, Stream.epoch)
    return [
        Head(stream.sender, stream.addressee, stream.epoch, *_end(stream))
        for stream in streams
    ]


def _end(stream: Stream) -> tuple[int, str]:
    return journal.tip(stream.id)


def mark_of(*texts: str) -> str:
    """Some texts as a short mark that tells them from others."""
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


def chain_words(streams: Iterable[Head]) -> str:
    """The chain digest for people: the own journal's head; at the office of all."""
    if installation().is_office:
        return _of_all(streams)
    return _of_one(*journal.tip())


def _of_all(streams: Iterable[Head]) -> str:
    lines = sorted(
        f"{head.sender} {head.addressee} {head.epoch} {head.seq} {head.hash}"
        for head in streams
    )
    digest = sha256("\n".join(lines).encode()).hexdigest()
    return f"各站流水 {in_groups(digest)}"


def _of_one(seq: int, digest: str) -> str:
    return f"流水第 {seq} 条 {in_groups(digest)}"


def chains_of(proof: Proof) -> set[str]:
    """What the footer may say of the journal: a restored station has several heads."""
    if not proof.recorder:
        return {_of_all(proof.streams)}
    return {_of_one(h.seq, h.hash) for h in proof.streams if h.sender == proof.station}


def in_groups(digest: str, groups: int = 4) -> str:
    """The beginning of a digest in groups of four."""
    text = digest[: 4 * groups].upper()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_proof(text: str) -> Proof:
    """Raises `msgspec.DecodeError` or its kind for what is no proof."""
    return msgspec.json.decode(text, type=Proof)


class Version(msgspec.Struct):
    """All that every format of a proof says."""

    format: int = 0


def format_of(text: str) -> int:
    return msgspec.json.decode(text, type=Version).format
