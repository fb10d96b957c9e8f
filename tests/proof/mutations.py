"""How a file is damaged: bits, cuts, repeats, numbers and parts of packages."""

import io
import random
import re
import zipfile

NUMBER = re.compile(rb"\d+")
HUGE = (b"4294967295", b"99999999999999999999", b"-1", b"1e999", b"0", b"2147483648")
WORDS = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0\0\0\x80")
BOMB = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"lol" * 50,
    b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8)
    ),
)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 1, 2, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _span(data: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(data))
    return slice(start, start + 1 + int(chance.paretovariate(0.4)) % len(data))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _cut_end(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _swap(data: bytearray, chance: random.Random) -> None:
    a, b = _span(data, chance), _span(data, chance)
    data[a], data[b] = data[b], data[a]


def _repeat(data: bytearray, chance: random.Random) -> None:
    part = data[_span(data, chance)][: 1 << 16]
    at = chance.randrange(len(data))
    data[at:at] = part * chance.choice((1, 2, 5, 50))


def _huge(data: bytearray, chance: random.Random) -> None:
    found = list(NUMBER.finditer(data))
    if found and chance.random() < 0.5:
        match = chance.choice(found)
        data[match.start() : match.end()] = chance.choice(HUGE)
    else:
        at = chance.randrange(len(data))
        data[at : at + 4] = chance.choice(WORDS)


def _deep(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = chance.choice((b"[", b'{"a":', b"<a>", b"\n", b" ")) * 30_000


def _text(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    odd = ("\0", "\ud800", "é", "𠮷", "\u202e", '"', "\\u0000", "null", "&a;", "NaN")
    data[at:at] = chance.choice(odd).encode("utf-8", "surrogatepass")


MUTATIONS = (_flip, _flip, _cut, _cut_end, _swap, _repeat, _huge, _huge, _deep, _text)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file a little, or very, different from *data*."""
    if data[:4] == b"PK\x03\x04" and chance.random() < 0.7:
        return in_package(data, chance)
    new = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        chance.choice(MUTATIONS)(new, chance)
        new = new or bytearray(b"\0")
    return bytes(new)


def in_package(data: bytes, chance: random.Random) -> bytes:
    """A package whose sums are right and one part of which is not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    at = chance.randrange(len(parts))
    name, part = parts[at]
    kind = chance.randrange(12)
    if kind == 0:
        parts[at] = (
            name,
            b"0" * chance.choice((1 << 20, 31 << 20, 60 << 20)),
        )  # a zip bomb
    elif kind == 1:
        parts[at] = (name, part.replace(b"?>", b"?>" + BOMB, 1).replace(b">", b">&h;"))
    elif kind == 2:
        other = chance.choice(parts)[0]
        parts[at] = (other, part)
    elif kind == 3:
        del parts[at]
    else:
        new = bytearray(part or b"\0")
        chance.choice(MUTATIONS)(new, chance)
        parts[at] = (name, bytes(new))
    return packed(dict(parts))


def packed(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
