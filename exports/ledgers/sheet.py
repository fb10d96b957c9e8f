"""What stands around the rows of a ledger, whatever it is written as."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from exports.ledgers.groups import Cells
from exports.ledgers.heads import Head

# How wide the type area of GB/T 9704 is, across and upright, in mm.
TYPE_AREA, UPRIGHT_AREA = 225, 156
TWIPS_PER_MM = 1440 / 25.4

# Where the digest goes among the properties, once the rows are known.
CELLS_MARK = "@@LEDGER-CELLS@@"


class Place(NamedTuple):
    """A place of the last line: what is printed there, so many mm from the left."""

    at: float
    text: str


# With who made the sheet and when; the others stay blank for the pen and the seal.
SIGNATURES = (
    Place(0, "制表人：{maker}"),
    Place(42, "审核人："),
    Place(82, "部门负责人（签字）："),
    Place(150, "（公章）"),
)


@dataclass(frozen=True)
class Sheet:
    """What is printed around the rows of a ledger."""

    title: str
    headings: tuple[str, ...]
    # Relative column widths; together they fill the type area.
    weights: tuple[float, ...]
    # Per column: centred (numbers, dates, short marks) or from the left (text).
    centred: tuple[bool, ...]
    centre: str = ""
    subtitle: str = ""
    # Who made it, and 填报日期, which ends the last line.
    maker: str = ""
    filed_on: str = ""
    signatures: tuple[Place, ...] = SIGNATURES
    # Explanations between table and signatures.
    footnotes: tuple[str, ...] = ()
    # A last row of cells to write opinions in and to put seals on.
    boxes: tuple[str, ...] = ()
    # A cell that is None goes on with the one above it.
    merges: bool = False
    # How high a row is at least, in mm; 0 for the usual 7.5.
    row_height: float = 0
    # A heading row above the columns' own.
    heads: tuple[Head, ...] = ()
    # Upright instead of across.
    portrait: bool = False
    # Per column: whole numbers that people add up, for what can hold numbers.
    counting: tuple[bool, ...] = ()
    # In the footer: where the journal stood, and what the rows come to.
    chain: str = ""
    summary: str = ""
    # What only programs read, by name.
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def type_area(self) -> int:
        """How wide it is, in mm."""
        return UPRIGHT_AREA if self.portrait else TYPE_AREA

    @property
    def widths(self) -> list[int]:
        """Column widths in twips (1/20 pt), their sum exactly the type area."""
        whole = round(self.type_area * TWIPS_PER_MM)
        scale = whole / sum(self.weights)
        edges = [0.0]
        for weight in self.weights:
            edges.append(edges[-1] + weight * scale)
        rounded = [round(edge) for edge in edges]
        return [right - left for left, right in pairwise(rounded)]


class Attached(NamedTuple):
    """A table behind the ledger's, whose last column holds lists."""

    sheet: Sheet
    rows: Iterable[Cells]
