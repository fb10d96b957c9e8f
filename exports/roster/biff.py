"""The records of an old Excel workbook: is what they claim possible?

[MS-XLS] 2.1.4 (streams of records) and 2.4 (the records).
"""

from collections.abc import Iterator
from struct import unpack_from

# Records that begin with row and column, 16 bits each.
_CELLS = frozenset((0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E))
_SEVERAL_CELLS = frozenset((0xBD, 0xBE))  # ...and end with the last column
_FILE_PASS, _SHEET, _STRINGS, _CONTINUE, _EOF = 0x2F, 0x85, 0xFC, 0x3C, 0x0A
_DIMENSIONS = 0x200
_MOST_COLUMNS = 256
_SHORTEST_STRING = 3  # bytes of a string in the shared table


class Encrypted(ValueError):
    """The workbook has a password."""


class TooWide(ValueError):
    """The outermost cells span more than the caller can hold."""


def checked(workbook: bytes, most_cells: int) -> bytes:
    """The same workbook without its claims of size; `ValueError` when damaged."""
    result = bytearray(workbook)
    sheets = []
    strings = string_bytes = 0
    for kind, at, length in _records(workbook, 0):
        if kind == _FILE_PASS:
            raise Encrypted
        if kind == _SHEET:
            sheets.append(unpack_from("<I", workbook, at)[0])
        elif kind == _STRINGS:
            strings, string_bytes = unpack_from("<i", workbook, at + 4)[0], length
        elif kind == _CONTINUE:
            string_bytes += length
    if not 0 <= strings * _SHORTEST_STRING <= string_bytes:
        raise ValueError("more strings than there is room for")
    for start in sheets:
        rows = columns = 0
        for kind, at, length in _records(workbook, start):
            if kind == _DIMENSIONS:
                result[at : at + length] = bytes(length)
            elif kind in _CELLS and length >= 6:
                row, column = unpack_from("<HH", workbook, at)
                if kind in _SEVERAL_CELLS:
                    column = unpack_from("<H", workbook, at + length - 2)[0]
                if column >= _MOST_COLUMNS:
                    raise ValueError("no such column")
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        if rows * columns > most_cells:
            raise TooWide
    return bytes(result)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, place of its content, length) up to the end of the substream."""
    end = len(stream)
    while at + 4 <= end:
        kind, length = unpack_from("<HH", stream, at)
        at += 4
        if kind == _EOF:
            return
        if at + length > end:
            break
        yield kind, at, length
        at += length
    raise ValueError("a substream without end")
