"""The pieces of WordprocessingML that a ledger's tables are made of."""

from exports.ledgers import styles
from exports.ledgers.cells import TEXT

# 7.5 mm in twips (1/20 pt).
ROW_HEIGHT = 425


def merge(text: str | None) -> str:
    return "<w:vMerge/>" if text is None else '<w:vMerge w:val="restart"/>'


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def paragraph(style: str, content: str, *, keeps: bool = False) -> str:
    keep = "<w:keepNext/>" if keeps else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr>'
        f"<w:r>{TEXT}{content}</w:t></w:r></w:p>"
    )


def cell(
    width: int, style: str, content: str, *, more: str = "", keeps: bool = False
) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>'
        f"{paragraph(style, content, keeps=keeps)}</w:tc>"
    )


def row(
    cells: str, *, more: str = "", height: int = ROW_HEIGHT, splits: bool = False
) -> str:
    """A row at least *height* high; only one that *splits* goes on over the page."""
    whole = "" if splits else "<w:cantSplit/>"
    properties = f'{whole}<w:trHeight w:val="{height}"/>{more}'
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def start(widths: list[int]) -> str:
    """Fixed layout: Word need not read all rows to know a column's width."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{styles.TABLE_STYLE}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )
