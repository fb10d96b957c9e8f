"""The format of a batch: what opens, and that nothing else does."""

import json
from hashlib import sha256
from pathlib import Path

import msgspec
import pyrage
import pytest
import zstandard
from nacl.signing import VerifyKey

from exports.sync import batch, keys
from models import journal

GOLDEN = Path(__file__).parent / "golden"
KEYS = json.loads((GOLDEN / "keys.json").read_text(encoding="utf-8"))
(FILE,) = GOLDEN.glob("*.batch")
DATA = FILE.read_bytes()
ERASED = batch.Line(1, "", "", "", "", 1, "").payload


def opened(data: bytes = DATA, name: str | None = None, **other) -> batch.Batch:
    """*data* under a name that fits it, unless another is given."""
    given_keys = {"sign_key": KEYS["sign_key"], "age_identity": KEYS["age_identity"]}
    name = name or batch.file_name(1, 3, data)
    return batch.open_batch(name, data, **given_keys | other)


def header(**other) -> batch.Header:
    return msgspec.structs.replace(opened().header, **other)


def sealed(made: batch.Header, lines, plain: bytes | None = None) -> bytes:
    """A batch signed with the right key, whatever it holds."""
    if plain is None:
        return batch.seal(made, lines, KEYS["sign_seed"], [KEYS["recipient"]])
    packed = zstandard.ZstdCompressor().compress(plain)
    return signed(made, keys.encrypt(packed, [KEYS["recipient"]]))


def signed(made: batch.Header, cipher: bytes) -> bytes:
    made = msgspec.structs.replace(made, digest=sha256(cipher).hexdigest())
    return signed_head(msgspec.json.encode(made), cipher)


def signed_head(head: bytes, cipher: bytes) -> bytes:
    signature = keys.sign(KEYS["sign_seed"], b"desk-batch-1\0" + head)
    return b"DESKBATCH 1\n" + head + b"\n" + signature.encode() + b"\n" + cipher


def plain_of(data: bytes = DATA) -> bytes:
    cipher = data.split(b"\n", 3)[3]
    identity = pyrage.x25519.Identity.from_str(KEYS["age_identity"])
    return zstandard.ZstdDecompressor().decompress(pyrage.decrypt(cipher, [identity]))


def lines() -> list[batch.Line]:
    return [entry.line for entry in opened().entries]


def test_every_version_reads_the_first_batch():
    found = opened(name=FILE.name)
    assert found.header.sender == KEYS["station"] and found.header.epoch == (
        "0001a1b2c3d4e5f6"
    )
    payloads = [
        json.loads(bytes(entry.line.payload)) if entry.line.payload else None
        for entry in found.entries
    ]
    assert payloads[0]["visitor_name"] == "张伟" and payloads[1]["number"] == 1
    assert payloads[2] is None and found.entries[2].digest == KEYS["erased_digest"]
    assert found.header.seal_count == 1


def test_it_opens_with_the_public_tools_alone():
    """As the documentation of the format says, without any of our code."""
    magic, head, signature, cipher = DATA.split(b"\n", 3)
    assert magic == b"DESKBATCH 1"
    verify_key = VerifyKey(bytes.fromhex(KEYS["sign_key"]))
    verify_key.verify(b"desk-batch-1\0" + head, bytes.fromhex(signature.decode()))
    says = json.loads(head)
    assert sha256(cipher).hexdigest() == says["digest"]
    assert sha256(DATA).hexdigest()[:24] == FILE.stem.split("-")[2]
    inner, *entries = (json.loads(line) for line in plain_of().split(b"\n"))
    assert inner == {name: says[name] for name in inner}
    assert len(entries) == says["count"] == says["last"] - says["first"] + 1
    before = f"journal 1\n{says['realm']}\n{says['from']}\n{says['to']}"
    chain = sha256(before.encode()).hexdigest()
    assert chain == says["prev"]
    for entry, line in zip(entries, plain_of().split(b"\n")[1:], strict=True):
        digest = entry.get("digest")
        if "payload" in entry:
            payload = line[line.index(b'"payload":') + 10 : -1]
            digest = sha256(bytes.fromhex(entry["salt"]) + payload).hexdigest()
        names = ("seq", "at", "person", "table", "row", "revision", "audience")
        text = "\n".join([chain, *(str(entry[name]) for name in names), digest])
        chain = sha256(text.encode()).hexdigest()
    assert chain == says["head"]


def test_the_header_names_nobody():
    head = DATA.split(b"\n", 2)[1].decode()
    assert "张伟" not in head and "2023110001" not in head and "测试" not in head


def test_a_sign_of_life_is_an_empty_batch():
    made = header(first=4, last=3, count=0, prev=opened().header.head)
    data = sealed(made, [])
    name = batch.file_name(4, 3, data)
    found = opened(data, name)
    assert found.entries == [] and batch.range_of(name) == (4, 3)


def test_a_newer_format_is_named_as_such():
    newer = header().__class__
    head = msgspec.json.encode(header(min_reader=batch.READER + 1, v=2))
    changed = json.loads(head) | {"followed": "quite another type"}
    for text in (head, json.dumps(changed).encode()):
        with pytest.raises(batch.TooNew, match="升级"):
            opened(signed_head(text, DATA.split(b"\n", 3)[3]))
    later = json.loads(msgspec.json.encode(header())) | {"something": "later"}
    cipher = DATA.split(b"\n", 3)[3]
    assert isinstance(
        opened(signed_head(json.dumps(later).encode(), cipher)).header, newer
    )


def refused(data: bytes, why: str, **other) -> None:
    with pytest.raises(batch.BadBatch, match=why):
        opened(data, **other)


def test_another_key_signs_nothing_here():
    stranger = keys.new_identity()
    data = batch.seal(header(), lines(), stranger.sign_seed, [KEYS["recipient"]])
    refused(data, "签名不符")
    refused(DATA, "签名不符", sign_key=stranger.sign_key)
    refused(DATA, "无法解密", age_identity=stranger.age_identity)


@pytest.mark.parametrize(
    "lie",
    [
        {"first": 2},
        {"last": 4},
        {"count": 4},
        {"count": -1, "last": -1},
        {"first": 0, "last": 2},
        {"prev": "0" * 64},
        {"head": "0" * 64},
        {"key": "0" * 16},
        {"realm": "another"},
        {"to": "all"},
        {"epoch": "0002a1b2c3d4e5f6"},
        {"sender": "f" * 32},
        {"last": 99_999, "count": 99_999},
    ],
)
def test_a_header_that_lies_is_refused_though_its_signature_is_good(lie):
    cipher = DATA.split(b"\n", 3)[3]
    made = header(**lie)
    data = signed(made, cipher)
    refused(data, ".")
    refused(data, ".", name=batch.file_name(max(made.first, 0), made.last, data))


def test_somebody_elses_ciphertext_is_not_signed_as_ones_own():
    refused(signed(header(sender="f" * 32), DATA.split(b"\n", 3)[3]), "标识不一致")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"seq": 7}, "顺序"),
        ({"at": "x\ny"}, "格式"),
        ({"person": "a" * 32 + "\n"}, "格式"),
        ({"table": "visit\nb"}, "格式"),
        ({"row": ""}, "格式"),
        ({"audience": "所有人"}, "格式"),
        ({"revision": 0}, "格式"),
        ({"revision": 1 << 40}, "格式"),
        ({"salt": "00" * 15 + " 0"}, "格式"),
        ({"salt": ""}, "格式"),
        ({"payload": ERASED}, "格式"),
        ({"payload": ERASED, "digest": "x"}, "格式"),
        ({"table": "seal"}, "哈希链"),
        ({"payload": msgspec.Raw(b'{"uid":"b"}')}, "哈希链"),
    ],
)
def test_a_line_out_of_form_or_out_of_the_chain_is_refused(change, why):
    changed = lines()
    changed[0] = msgspec.structs.replace(changed[0], **change)
    refused(sealed(header(), changed), why)


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[]",
        b"null",
        b"",
        b'{"seq":1e999}',
        b'{"seq":NaN}',
        b'{"seq":"1"}',
        b'{"seq":' + b"9" * 5_000 + b"}",
        b'{"person":"\\ud800"}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
    ids=range(11),
)
def test_a_line_that_is_no_entry_is_refused(line):
    first, _second, *rest = plain_of().split(b"\n")
    refused(sealed(header(), [], b"\n".join([first, line, *rest])), "读取|格式")
    refused(sealed(header(), [], b"\n".join([line, *plain_of().split(b"\n")[1:]])), ".")
    refused(signed_head(line, b""), "读取|批次文件")


def test_a_bomb_is_refused_before_it_goes_off():
    packed = zstandard.ZstdCompressor().compress(bytes(batch.MOST_PLAIN + 1))
    cipher = keys.encrypt(packed, [KEYS["recipient"]])
    refused(signed(header(), cipher), "过大")
    stream = zstandard.ZstdCompressor(write_content_size=False).compress(b"x" * 99)
    refused(signed(header(), keys.encrypt(stream, [KEYS["recipient"]])), "过大")
    many = b"\n" * 5_000_000
    refused(sealed(header(), [], many), "条数")


def test_nothing_follows_the_frame():
    packed = zstandard.ZstdCompressor().compress(plain_of())
    for more in (b"\0", packed):
        cipher = keys.encrypt(packed + more, [KEYS["recipient"]])
        refused(signed(header(), cipher), "解压")


def test_the_first_hash_names_realm_sender_and_addressee():
    assert len({journal.genesis(*w) for w in ("abc", "abd", "acb", "bac")}) == 4


def test_a_name_that_claims_another_range_is_refused():
    for first, last in ((1, 2), (2, 3), (1, 4), (4, 3)):
        refused(DATA, "起止号", name=batch.file_name(first, last, DATA))


@pytest.mark.parametrize("count", [-1, 0, 2, 4, 99_999])
def test_a_header_that_miscounts_is_refused_before_it_is_opened(count):
    """A batch that waits, or holds nothing new, is judged by its header alone."""
    data = signed(header(count=count), DATA.split(b"\n", 3)[3])
    with pytest.raises(batch.BadBatch, match="条数"):
        batch.read_header(batch.file_name(1, 3, data), data, KEYS["sign_key"])


def test_the_same_content_sealed_anew_by_a_stranger_is_refused():
    """Who can read a batch could seal it to others as well; the signature covers it."""
    packed = zstandard.ZstdCompressor().compress(plain_of())
    _magic, head, signature, _cipher = DATA.split(b"\n", 3)
    cipher = keys.encrypt(packed, [KEYS["recipient"], keys.new_age_identity()[1]])
    refused(b"\n".join([b"DESKBATCH 1", head, signature, cipher]), "内容与文件头不符")
