"""The format of a batch: entries of one stream, signed and encrypted, in one file.

    DESKBATCH 1\\n
    header, one line of JSON without personal data\\n
    Ed25519 signature of b"desk-batch-1\\0" + header line, hex\\n
    age ciphertext of zstd of JSON Lines

The first inner line repeats the header's identity and must agree with it, so that
nobody enrolled can sign somebody else's ciphertext as their own.  Then one entry a
line.  Whoever holds a key can open a batch with the public `age` and `zstd` tools.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

import msgspec
import zstandard

from exports.sync import keys
from models.journal import digest_of, next_hash, next_seal_head

MAGIC = b"DESKBATCH 1\n"
VERSION = 1
NAME = re.compile(r"(\d{10})-(\d{10})-([0-9a-f]{24})\.batch")

# Larger than any honest batch: a bomb is refused before it fills the memory.
MOST_ENTRIES = 5_000
MOST_PLAIN = 64 << 20
MOST_HEADER = 16 << 10
MOST_FILE = 80 << 20


class BadBatch(Exception):
    """The file is not a batch that can be taken over; the reason is for people."""


class TooNew(BadBatch):
    """The batch needs a newer program."""


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
    followed: str  # the office epoch the sender follows
    seal_count: int  # seal uses up to `last`, and their chained hash
    seal_head: str
    at: str  # when it was made; information only, never logic
    app: str


class Inner(msgspec.Struct, frozen=True):
    """The first line inside: who, to whom and what range, once more."""

    realm: str
    sender: str = msgspec.field(name="from")
    to: str
    epoch: str
    first: int
    last: int
    prev: str


class Line(msgspec.Struct, omit_defaults=True):
    """One entry.  Without payload (not for this reader) the digest stands in."""

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


class Arrived(NamedTuple):
    """An entry read from a batch, with its place in the chain worked out."""

    line: Line
    digest: str
    hash: str


class Batch(NamedTuple):
    """A batch that was opened and found consistent in itself."""

    header: Header
    entries: list[Arrived]


_encode = msgspec.json.Encoder().encode
_decode_header = msgspec.json.Decoder(Header).decode
_decode_inner = msgspec.json.Decoder(Inner).decode
_decode_line = msgspec.json.Decoder(Line).decode


def seal(
    header: Header, lines: Sequence[Line], sign_seed: str, recipients: Sequence[str]
) -> bytes:
    """The bytes of a batch; `digest` of *header* is filled in here."""
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
    head = _encode(msgspec.structs.replace(header, digest=sha256(sealed).hexdigest()))
    signature = keys.sign(sign_seed, b"desk-batch-1\0" + head)
    return MAGIC + head + b"\n" + signature.encode() + b"\n" + sealed


def file_name(first: int, last: int, data: bytes) -> str:
    """`<first>-<last>-<hash>.batch`: a damaged file does not match its own name."""
    return f"{first:010d}-{last:010d}-{sha256(data).hexdigest()[:24]}.batch"


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
    try:
        signed = signature.decode("ascii")
        header = _decode_header(head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBatch("批次文件头无法读取") from error
    if not keys.is_signed(sign_key, b"desk-batch-1\0" + head, signed):
        raise BadBatch("签名不符，不是这台工作站发出的")
    if header.min_reader > VERSION:
        raise TooNew("批次来自更新的程序版本，请先升级本程序")
    if (header.first, header.last) != (int(match[1]), int(match[2])):
        raise BadBatch("批次的起止号与文件名不符")
    if header.key != keys.key_id(sign_key):
        raise BadBatch("签名密钥标识不符")
    if sha256(sealed).hexdigest() != header.digest:
        raise BadBatch("批次内容与文件头不符")
    if header.count != header.last - header.first + 1 or header.first < 1:
        raise BadBatch("批次的条数与起止号不符")
    return header, sealed


def open_batch(name: str, data: bytes, *, sign_key: str, age_identity: str) -> Batch:
    """Verify, decrypt, unpack and check the chain of a batch.  Raises `BadBatch`."""
    header, sealed = read_header(name, data, sign_key)
    try:
        packed = keys.decrypt(sealed, age_identity)
    except keys.CannotDecrypt as error:
        # age says the same of a damaged header as of a wrong key.
        raise BadBatch("无法解密，文件损坏或不是发给本机的") from error
    plain = _unpack(packed)
    first_line, *rest = plain.split(b"\n")
    try:
        inner = _decode_inner(first_line)
        lines = [_decode_line(line) for line in rest]
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadBatch("批次内容无法读取") from error
    outer = (header.realm, header.sender, header.to, header.epoch)
    same = (inner.realm, inner.sender, inner.to, inner.epoch)
    range_out = (header.first, header.last, header.prev)
    if outer != same or range_out != (inner.first, inner.last, inner.prev):
        raise BadBatch("批次内外的标识不一致")
    if len(lines) != header.count:
        raise BadBatch("批次的条数与文件头不符")
    return Batch(header, _chain(header, lines))


def _unpack(packed: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(BytesIO(packed)) as reader:
            plain = reader.read(MOST_PLAIN + 1)
    except zstandard.ZstdError as error:
        raise BadBatch("批次内容无法解压") from error
    if len(plain) > MOST_PLAIN:
        raise BadBatch("批次解压后过大")
    return plain


def _chain(header: Header, lines: Sequence[Line]) -> list[Arrived]:
    head, arrived = header.prev, []
    for seq, line in enumerate(lines, start=header.first):
        if line.seq != seq:
            raise BadBatch("批次里的条目顺序不对")
        payload = bytes(line.payload)
        try:
            digest = digest_of(line.salt, payload) if payload else line.digest
        except ValueError as error:
            raise BadBatch("批次里的条目格式不对") from error
        head = next_hash(
            head,
            line.seq,
            line.at,
            line.person,
            line.table,
            line.row,
            line.revision,
            line.audience,
            digest,
        )
        arrived.append(Arrived(line, digest, head))
    if head != header.head:
        raise BadBatch("批次的哈希链不符，内容被改动过")
    return arrived


def seal_ledger(
    count: int, head: str, entries: Sequence[tuple[str, str]]
) -> tuple[int, str]:
    """Go on with the seal ledger's count and head over (table, hash) entries."""
    for table, entry_hash in entries:
        if table == "seal_use":
            count, head = count + 1, next_seal_head(head, entry_hash)
    return count, head
