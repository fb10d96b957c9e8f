"""The heading rows of a table: one, or a second above it whose cells span columns."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Head(NamedTuple):
    """A text over so many columns; over those of "" their own headings are as high."""

    text: str
    columns: int


def heading_rows(
    headings: Sequence[str], heads: Sequence[Head] = ()
) -> list[tuple[str, ...]]:
    """The texts of each row's cells, as they are read back from a document."""
    if not heads:
        return [tuple(headings)]
    upper: list[str] = []
    lower: list[str] = []
    for head, own in spans(headings, heads):
        upper += [head.text] if head.text else own
        lower += own if head.text else [""] * len(own)
    return [tuple(upper), tuple(lower)]


def heading_texts(headings: Sequence[str], heads: Sequence[Head] = ()) -> list[str]:
    """All of them one after the other, by which a table is known."""
    return [text for row in heading_rows(headings, heads) for text in row]


def spans(
    headings: Sequence[str], heads: Sequence[Head]
) -> Iterator[tuple[Head, list[str]]]:
    """Each head and the headings below it; columns behind the last one have none."""
    at = 0
    for head in heads:
        yield head, list(headings[at : at + head.columns])
        at += head.columns
    if at > len(headings):
        raise ValueError("heads over more columns than there are")
    if at < len(headings):
        yield Head("", len(headings) - at), list(headings[at:])
