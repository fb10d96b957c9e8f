"""Custom properties of a .docx: what a program reads of it, beside what is printed.

Word and LibreOffice keep them when somebody saves the file again.  Word cuts a text
at 255 characters, so longer ones are kept in pieces: `LedgerProof1`, `LedgerProof2`.
"""

import re
from collections.abc import Mapping
from typing import Any

from exports.ledgers.cells import escape

PART = "docProps/custom.xml"
TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
RELATION = f"{_OFFICE}/relationships/custom-properties"

# Of custom properties in general, [MS-OLEPS] 3.1.2; their numbers begin at 2.
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_NUMBER = 2
_LONGEST = 240

_NAME = re.compile(r"^(.*?)(\d*)$")


def with_properties(parts: Mapping[str, str], texts: Mapping[str, str]) -> dict:
    """*parts* of a .docx with *texts* as its custom properties."""
    types, relations = "[Content_Types].xml", "_rels/.rels"
    override = f'<Override PartName="/{PART}" ContentType="{TYPE}"/>'
    related = f'<Relationship Id="rLedger" Type="{RELATION}" Target="{PART}"/>'
    return {
        **parts,
        types: parts[types].replace("</Types>", f"{override}</Types>"),
        relations: parts[relations].replace(
            "</Relationships>", f"{related}</Relationships>"
        ),
        PART: _part(texts),
    }


def _part(texts: Mapping[str, str]) -> str:
    pieces = [piece for name, text in texts.items() for piece in pieces_of(name, text)]
    properties = "".join(
        f'<property fmtid="{_FORMAT}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(pieces, start=_FIRST_NUMBER)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_OFFICE}/custom-properties" '
        f'xmlns:vt="{_OFFICE}/docPropsVTypes">{properties}</Properties>'
    )


def pieces_of(name: str, text: str) -> list[tuple[str, str]]:
    cuts = range(0, max(len(text), 1), _LONGEST)
    return [
        (f"{name}{number}", text[at : at + _LONGEST])
        for number, at in enumerate(cuts, start=1)
    ]


def texts_of(root: Any) -> dict[str, str]:
    """The texts of a part, put together again."""
    pieces: dict[str, dict[int, str]] = {}
    for element in root:
        found = _NAME.match(element.get("name") or "")
        if found and found[2] and len(found[2]) < 5:
            text = "".join(element.itertext())
            pieces.setdefault(found[1], {})[int(found[2])] = text
    return {
        name: "".join(text for _, text in sorted(numbered.items()))
        for name, numbered in pieces.items()
    }
