"""The inside of an .xls file, checked before the reader behind sees it.

That reader makes room for as much as the file claims and follows its chains without
end: a damaged file would ask for a petabyte and end the program.  So the workbook is
taken out of its compound file, checked record by record and put into a new one.
Formats: [MS-CFB] 2.2 to 2.6, [MS-XLS] 2.1.4 and 2.4.
"""

from collections.abc import Iterator
from struct import pack, unpack_from

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFF_FFFA  # larger numbers are marks: end of chain, free, …
_END, _FREE, _TABLE = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD
_ENTRY = 128
_SMALL = 64


class Compound:
    """A compound file.  Whatever is wrong with it shows as `ValueError`."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._shift = unpack_from("<H", content, 30)[0]
        if self._shift not in (9, 12):
            raise ValueError("sector size")
        size, first, self._cutoff, small = unpack_from("<44xIIxxxxII", content)
        self._table = self._sectors_of_table(size)
        self._streams = dict(self._directory(first))
        start, length = self._streams.get("", (_LAST_SECTOR, 0))
        self._small_stream = self._chain(start)[:length]
        table = self._chain(small)
        self._small_table = unpack_from(f"<{len(table) // 4}I", table)

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        start, length = self._streams[name]
        if length >= self._cutoff:
            return self._chain(start)[:length]
        return b"".join(
            self._small_stream[sector * _SMALL : (sector + 1) * _SMALL]
            for sector in self._followed(start, self._small_table, _SMALL)
        )[:length]

    def _followed(self, start: int, table: tuple[int, ...], unit: int) -> Iterator[int]:
        for _ in range(len(self._content) // unit + 1):
            if start >= len(table):
                return
            yield start
            start = table[start]
        raise ValueError("a chain without end")

    def _sector(self, number: int) -> bytes:
        at = (number + 1) << self._shift
        return self._content[at : at + (1 << self._shift)]

    def _chain(self, start: int) -> bytes:
        sectors = self._followed(start, self._table, 1 << self._shift)
        return b"".join(map(self._sector, sectors))

    def _sectors_of_table(self, size: int) -> tuple[int, ...]:
        numbers = list(unpack_from("<109I", self._content, 76))
        following, count = unpack_from("<II", self._content, 68)
        for _ in range(min(count, len(self._content) >> self._shift)):
            if following >= _LAST_SECTOR:
                break
            more = self._sector(following)
            *some, following = unpack_from(f"<{len(more) // 4}I", more)
            numbers += some
        most = len(self._content) >> self._shift
        used = [
            number for number in numbers[: min(size, most)] if number < _LAST_SECTOR
        ]
        table = b"".join(map(self._sector, used))
        return unpack_from(f"<{len(table) // 4}I", table)

    def _directory(self, first: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name, first sector and length of each stream; the root is called ""."""
        directory = self._chain(first)
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = unpack_from("<HB", directory, at + 64)
            name = directory[at : at + max(0, min(length, 64) - 2)]
            start, size = unpack_from("<II", directory, at + 116)
            if kind == 5:
                yield "", (start, size)
            elif kind == 2:
                yield name.decode("utf-16-le", "replace"), (start, size)


def packed(workbook: bytes) -> bytes:
    """A compound file of version 4 that holds nothing but this workbook."""
    size = 4096
    sectors = max(1, -(-len(workbook) // size))
    tables = -(-(sectors + 1) // (size // 4 - 1))
    chain = [*range(1, sectors), _END, _END, *[_TABLE] * tables]
    chain += [_FREE] * (tables * size // 4 - len(chain))
    header = SIGNATURE + bytes(16)
    header += pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += pack("<9I", 1, tables, sectors, 0, size, _END, 0, _END, 0)
    places = [sectors + 1 + at for at in range(tables)]
    header += pack("<109I", *places, *[_FREE] * (109 - tables))
    return b"".join(
        (
            header.ljust(size, b"\0"),
            workbook.ljust(sectors * size, b"\0"),
            _entry("Root Entry", 5, 1, 0, 0),  # the reader wants a start, of nothing
            _entry("Workbook", 2, _FREE, 0, sectors * size),
            bytes(size - 2 * _ENTRY),
            pack(f"<{len(chain)}I", *chain),
        )
    )


def _entry(name: str, kind: int, child: int, start: int, length: int) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + pack("<HBB", len(text) + 2, kind, 1)
    entry += pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + pack("<IQ", start, length)
