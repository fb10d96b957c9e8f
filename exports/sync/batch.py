"""The format of a batch: entries of one stream, signed and encrypted, in one file.

    DESKBATCH 1\\n
    header, one line of JSON without personal data\\n
    Ed25519 signature of b"desk-batch-1\\0" + header line, hex\\n
    age ciphertext of one zstd frame (with its size) of JSON Lines, joined by \\n

The first inner line repeats the header's identity and must agree with it, so that
nobody enrolled can sign somebody else's ciphertext as their own.  Then one entry a
line.  Whoever holds a key can open a batch with the public `age` and `zstd` tools.

The entries are chained (`models.journal` has the formulas): from `prev` of the header
to its `head`.  The chain does not name the epoch, so a stream that is sent again under
a new epoch keeps its hashes, and the place where two histories part can be found.
An entry without payload (erased, or not for this reader) carries its digest instead.
A batch with `count` 0 and `last` = `first` - 1 is a sign of life.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
import zstandard

from exports.sync import keys
from models.clock import CHINA
from models.journal import chained, digest_of, next_seal_head
from models.jsontext import UNREADABLE

MAGIC = b"DESKBATCH 1\n"
VERSION = 1
# What this program reads: 2 knows that an entry was erased, and makes its row again of
# what is left.  To an older reader such a batch would be one with rows missing.
READER, READS_ERASED = 2, 2
NAME = re.compile(r"(\d{10})-(\d{10})-([0-9a-f]{24})\.batch")

# Larger than any honest batch: a bomb is refused before it fills the memory.
MOST_ENTRIES = 20_000
MOST_PLAIN = 64 << 20
MOST_HEADER = 16 << 10
MOST_FILE = 80 << 20


class BadBatch(Exception):
    """The file is not a batch that can be taken over; the reason is for people."""


class TooNew(BadBatch):
    """The batch needs a newer program."""


# What an entry says of itself: at, person, table, row, revision, audience.  Nothing in
# them can hold a line break, so two different entries never give the same text to hash.
ENTRY = re.compile(
    r"[0-9TZ:+.-]{1,40}\n[0-9a-f]{0,64}\n[a-z_]{1,40}\n[0-9a-z]{1,64}\n-?[0-9]+\n"
    r"[0-9a-z]{1,64}"
)
SALT = re.compile("[0-9a-f]{32}")
HASH = re.compile("[0-9a-f]{64}")
MOST_REVISIONS = 1 << 31


class Followed(msgspec.Struct, frozen=True):
    """How far the sender has read the office: gives away an office rolled back."""

    epoch: str = ""
    upto: int = 0  # of what the office says to all
    head: str = ""
    own_upto: int = 0  # of what it says to the sender alone
    own_head: str = ""


class Header(msgspec.Struct, frozen=True):
    """What anybody may read of a batch.  No personal data."""

    v: int
    min_reader: int
    realm: str
    sender: str = msgspec.field(name="from")
    to: str
    epoch: str
    first: int
    last: int
    prev: str  # hash before the first entry
    head: str  # hash of the last entry
    count: int
    digest: str  # SHA-256 of the ciphertext
    key: str  # id of the signing key
    followed: Followed
    seal_count: int  # seal uses up to `last`, and their chained hash
    seal_head: str
    schema: int  # of the tables, as `PRAGMA user_version`
    at: str  # when it was made; information only, never logic
    app: str


class _Version(msgspec.Struct):
    v: int
    min_reader: int


class Inner(msgspec.Struct, frozen=True):
    """The first line inside: who, to whom and what range, once more."""

    realm: str
    sender: str = msgspec.field(name="from")
    to: str
    epoch: str
    first: int
    last: int
    prev: str


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """One entry.  Without payload (not for this reader) the digest stands in.

    Texts and numbers make no cycle: the collector need not walk through thousands.
    """

    seq: int
    at: str
    person: str
    table: str
    row: str
    revision: int
    audience: str
    salt: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"")
    digest: str = ""
    erased: bool = False  # it had content for this reader once


class Arrived(NamedTuple):
    """An entry read from a batch, with its place in the chain worked out."""

    line: Line
    digest: str
    hash: str


def without_content(entry: Arrived) -> Line:
    """The line of an entry whose content was erased: its digest stands in."""
    line = entry.line
    return Line(
        line.seq,
        line.at,
        line.person,
        line.table,
        line.row,
        line.revision,
        line.audience,
        digest=entry.digest,
        erased=True,
    )


class Batch(NamedTuple):
    """A batch that was opened and found consistent in itself."""

    header: Header
    entries: list[Arrived]


_encode = msgspec.json.Encoder().encode
_decode_version = msgspec.json.Decoder(_Version).decode
_decode_header = msgspec.json.Decoder(Header).decode
_decode_inner = msgspec.json.Decoder(Inner).decode
_decode_line = msgspec.json.Decoder(Line).decode


def seal(
    header: Header, lines: Sequence[Line], sign_seed: str, recipients: Sequence[str]
) -> bytes:
    """The bytes of a batch; `digest` and `min_reader` of *header* are filled in."""
    inner = Inner(
        realm=header.realm,
        sender=header.sender,
        to=header.to,
        epoch=header.epoch,
        first=header.first,
        last=header.last,
        prev=header.prev,
    )
    plain = b"\n".join([_encode(inner), *map(_encode, lines)])
    packed = zstandard.ZstdCompressor(level=3).compress(plain)
    sealed = keys.encrypt(packed, recipients)
    needed = READS_ERASED if any(line.erased for line in lines) else 1
    head = _encode(
        msgspec.structs.replace(
            header,
            digest=sha256(sealed).hexdigest(),
            min_reader=max(header.min_reader, needed),
        )
    )
    signature = keys.sign(sign_seed, b"desk-batch-1\0" + head)
    return MAGIC + head + b"\n" + signature.encode() + b"\n" + sealed


def file_name(first: int, last: int, data: bytes) -> str:
    """`<first>-<last>-<hash>.batch`: a damaged file does not match its own name."""
    return f"{first:010d}-{last:010d}-{sha256(data).hexdigest()[:24]}.batch"


def range_of(name: str) -> tuple[int, int]:
    """First and last number of a batch by its name; (0, 0) of any other name.

    A range that no batch can hold is nobody's, so a made-up name cannot claim that
    thousands of entries are on their way.
    """
    match = NAME.fullmatch(name)
    if match is None:
        return 0, 0
    first, last = int(match[1]), int(match[2])
    return (first, last) if -1 <= last - first < MOST_ENTRIES else (0, 0)


def read_header(name: str, data: bytes, sign_key: str) -> tuple[Header, bytes]:
    """The verified header and the ciphertext.  Raises `BadBatch`.

    Nothing is decrypted before the signature is verified.
    """
    match = NAME.fullmatch(name)
    if match is None or sha256(data).hexdigest()[:24] != match[3]:
        raise BadBatch("文件内容与文件名不符，可能没有复制完整或已损坏")
    parts = data.split(b"\n", 3)
    if len(parts) != 4 or parts[0] + b"\n" != MAGIC or len(parts[1]) > MOST_HEADER:
        raise BadBatch("不是批次文件")
    _magic, head, signature, sealed = parts
    if not keys.is_signed(sign_key, b"desk-batch-1\0" + head, signature):
        raise BadBatch("签名不符，不是这台工作站发出的")
    try:
        if _decode_version(head).min_reader > READER:
            raise TooNew("批次来自更新的程序版本，请先升级本程序")
        header = _decode_header(head)
    except UNREADABLE as error:
        raise BadBatch("批次文件头无法读取") from error
    if (header.first, header.last) != (int(match[1]), int(match[2])):
        raise BadBatch("批次的起止号与文件名不符")
    if header.key != keys.key_id(sign_key):
        raise BadBatch("签名密钥标识不符")
    if sha256(sealed).hexdigest() != header.digest:
        raise BadBatch("批次内容与文件头不符")
    few = 0 <= header.count <= MOST_ENTRIES
    if not few or header.count != header.last - header.first + 1 or header.first < 1:
        raise BadBatch("批次的条数与起止号不符")
    return header, sealed


def said_at(header: Header) -> datetime | None:
    """When the sender made the batch, by its own clock; None when it says no time."""
    try:
        moment = datetime.fromisoformat(header.at)
        return moment.astimezone(CHINA).replace(microsecond=0, tzinfo=None)
    except (ValueError, OverflowError):
        return None


def open_batch(name: str, data: bytes, *, sign_key: str, age_identity: str) -> Batch:
    """Verify, decrypt, unpack and check the chain of a batch.  Raises `BadBatch`."""
    header, sealed = read_header(name, data, sign_key)
    try:
        packed = keys.decrypt(sealed, age_identity)
    except keys.CannotDecrypt as error:
        # age says the same of a damaged header as of a wrong key.
        raise BadBatch("无法解密，文件损坏或不是发给本机的") from error
    plain = _unpack(packed)
    if plain.count(b"\n") != header.count:
        raise BadBatch("批次的条数与文件头不符")
    first_line, *rest = plain.split(b"\n")
    try:
        inner = _decode_inner(first_line)
        lines = [_decode_line(line) for line in rest]
    except UNREADABLE as error:
        raise BadBatch("批次内容无法读取") from error
    outer = (header.realm, header.sender, header.to, header.epoch)
    same = (inner.realm, inner.sender, inner.to, inner.epoch)
    range_out = (header.first, header.last, header.prev)
    if outer != same or range_out != (inner.first, inner.last, inner.prev):
        raise BadBatch("批次内外的标识不一致")
    return Batch(header, _chain(header, lines))


def _unpack(packed: bytes) -> bytes:
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= MOST_PLAIN:
            raise BadBatch("批次解压后过大")
        return zstandard.ZstdDecompressor().decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise BadBatch("批次内容无法解压") from error


def _chain(header: Header, lines: Sequence[Line]) -> list[Arrived]:
    head, arrived = header.prev, []
    for seq, line in enumerate(lines, start=header.first):
        if line.seq != seq:
            raise BadBatch("批次里的条目顺序不对")
        says = (
            f"{line.at}\n{line.person}\n{line.table}\n{line.row}\n{line.revision}\n"
            f"{line.audience}"
        )
        if not ENTRY.fullmatch(says) or not 0 < line.revision < MOST_REVISIONS:
            raise BadBatch("批次里的条目格式不对")
        digest = _digest(line)
        head = chained(head, seq, says, digest)
        arrived.append(Arrived(line, digest, head))
    if head != header.head:
        raise BadBatch("批次的哈希链不符，内容被改动过")
    return arrived


def _digest(line: Line) -> str:
    """The digest of a line that is formed as it should be."""
    if payload := bytes(line.payload):
        if SALT.fullmatch(line.salt):
            return digest_of(line.salt, payload)
    elif HASH.fullmatch(line.digest):
        return line.digest
    raise BadBatch("批次里的条目格式不对")


def seal_ledger(
    count: int, head: str, entries: Sequence[tuple[str, str]]
) -> tuple[int, str]:
    """Go on with the seal ledger's count and head over (table, hash) entries."""
    for table, entry_hash in entries:
        if table == "seal_use":
            count, head = count + 1, next_seal_head(head, entry_hash)
    return count, head
