"""The first and the last rows of a ledger's table in Word."""

from itertools import accumulate, pairwise

from exports.ledgers import pieces, styles
from exports.ledgers.cells import as_printed, escaped
from exports.ledgers.heads import spans
from exports.ledgers.sheet import Sheet

# A seal is 42 mm across; with the lines around it a box of 36 mm takes one.
_BOX_HEIGHT = 2040


def heading_rows(sheet: Sheet) -> str:
    """Repeated on every page; one or two."""
    rows = _one_above_another(sheet) if sheet.heads else [_headings(sheet)]
    return "".join(pieces.row(cells, more="<w:tblHeader/>") for cells in rows)


def _headings(sheet: Sheet) -> str:
    return "".join(map(_heading, sheet.widths, sheet.headings))


def _one_above_another(sheet: Sheet) -> list[str]:
    """A heading without a head above is as high as both."""
    upper: list[str] = []
    lower: list[str] = []
    left = iter(sheet.widths)
    for head, own in spans(sheet.headings, sheet.heads):
        widths = [next(left) for _ in own]
        if head.text:
            upper.append(_heading(sum(widths), head.text, pieces.span(len(own))))
            lower += map(_heading, widths, own)
        else:
            begun, goes_on = pieces.merge(""), pieces.merge(None)
            upper += [_heading(*each, begun) for each in zip(widths, own, strict=True)]
            lower += [_heading(width, "", goes_on) for width in widths]
    return ["".join(upper), "".join(lower)]


def _heading(width: int, text: str, more: str = "") -> str:
    return pieces.cell(width, styles.HEADING, escaped(as_printed(text)), more=more)


def boxes(sheet: Sheet) -> str:
    """The last row; its cells are as wide as the columns' edges allow."""
    boxes = sheet.boxes
    edges = list(accumulate(sheet.widths, initial=0))
    wanted = [edges[-1] * at / len(boxes) for at in range(len(boxes) + 1)]
    ends = [
        min(range(len(edges)), key=lambda at, x=x: abs(edges[at] - x)) for x in wanted
    ]
    cells = [
        pieces.cell(
            edges[end] - edges[start],
            styles.BOX,
            escaped(as_printed(text)),
            more=pieces.span(end - start),
        )
        for text, (start, end) in zip(boxes, pairwise(ends), strict=True)
    ]
    return pieces.row("".join(cells), height=_BOX_HEIGHT)
