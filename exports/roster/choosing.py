"""Which column of a roster is which, where somebody has chosen it by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from exports.roster.cells import plain_text
from exports.roster.headings import FIELD_NAMES, NEEDED, Heading
from models.errors import UserError

# A field -> its heading in the file or its number counted from 0; None is left out.
Columns = Mapping[str, str | int | None]

_LOOKED_AT_BELOW = 50  # rows may be wider than what stands over them


def column_titles(rows: Sequence[Sequence[object]], heading: Heading) -> list[str]:
    """What stands over each column, "" over one without a heading."""
    lines = [rows[index] for index in range(heading.row, heading.last_row + 1)]
    below = rows[heading.last_row + 1 : heading.last_row + 1 + _LOOKED_AT_BELOW]
    titles = []
    for column in range(max(map(len, [*lines, *below]))):
        texts = [plain_text(row[column]) for row in lines if column < len(row)]
        titles.append(" ".join(filter(None, texts)))
    for name, column in heading.columns.items():
        titles[column] = heading.titles[name]
    return titles


def column_letters(column: int) -> str:
    """How Excel and WPS call the column counted from 0: A, B, … Z, AA."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters


def chosen_columns(titles: Sequence[str], columns: Columns) -> dict[str, int]:
    """Field -> column counted from 0.  An absent field is not imported.

    `UserError` about the field when a needed one is missing, a column is not there
    or serves two fields.
    """
    if unknown := columns.keys() - FIELD_NAMES.keys():
        raise UserError(f"名册里没有“{'、'.join(sorted(unknown))}”这一项，请核对。")
    taken: dict[int, str] = {}
    for field, name in FIELD_NAMES.items():
        wanted = columns.get(field)
        if wanted is None:
            if field in NEEDED:
                raise _about(field, f"请选择哪一列是{name}。")
            continue
        column = _column_of(titles, field, wanted)
        if column in taken:
            other = FIELD_NAMES[taken[column]]
            raise _about(field, f"这一列已用作{other}，请给{name}另选一列。")
        taken[column] = field
    return {field: column for column, field in taken.items()}


def _column_of(titles: Sequence[str], field: str, wanted: str | int) -> int:
    if isinstance(wanted, int):
        if 0 <= wanted < len(titles):
            return wanted
        raise _about(field, "文件里没有这一列，请重新选择。")
    found = [at for at, title in enumerate(titles) if title == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise _about(field, f"有 {len(found)} 列都叫“{wanted}”，请说明是第几列。")
    raise _about(field, f"文件里没有“{wanted}”这一列，请重新选择。")


def _about(field: str, text: str) -> UserError:
    error = UserError(text)
    error.field = field
    return error


def with_columns(
    rows: Sequence[Sequence[object]],
    heading: Heading,
    columns: Columns,
) -> Heading:
    """The same headings, with the columns somebody chose."""
    titles = column_titles(rows, heading)
    places = chosen_columns(titles, columns)
    said = {field: titles[column] for field, column in places.items()}
    return replace(heading, columns=places, titles=said)


def heading_again(
    row: Sequence[object], index: int, heading: Heading
) -> Heading | None:
    """The chosen headings once more further down, perhaps in another order."""
    texts = [plain_text(cell) for cell in row]
    if any(not title or title not in texts for title in heading.titles.values()):
        return None
    places = {field: texts.index(title) for field, title in heading.titles.items()}
    return Heading(places, heading.titles, index, index)
