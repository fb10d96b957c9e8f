"""What stands around the rows of a printed ledger, compared with what should stand."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from exports.ledgers.body import Body
from exports.ledgers.cells import as_printed, one_line
from exports.ledgers.changes import shown
from exports.ledgers.groups import Group, texts_between
from exports.ledgers.ledger import Book, Reading, subtitle_of, summary_of
from exports.ledgers.marks import MARKS, note_of
from exports.ledgers.printed import PrintedFile
from exports.ledgers.proof import Proof, chains_of
from exports.ledgers.selection import Selection
from exports.ledgers.writer import NOTHING


def wrong_lines(
    book: Book, chosen: Selection, reading: Reading, file: PrintedFile, body: Body
) -> Iterator[str]:
    """The row of totals, the title and the line under it; each fault in words."""
    part = file.proof.of
    closing = as_printed(part.closing(reading.totals.closing))
    closing = closing if reading.count else NOTHING
    if body.closing != closing:
        yield f"合计行：打印的是 {shown(body.closing)}，记录是 {shown(closing)}"
    title = book.title_of(chosen)
    for line in (title, subtitle_of(book, chosen, reading.totals, part)):
        if one_line(line) not in file.lines:
            yield f"标题下应有“{line}”，打印的不是。"


def wrong_groups(groups: Sequence[Group], body: Body) -> Iterator[str]:
    """Titles and subtotals of groups that are not those of the records."""
    expected = [(at, as_printed(text)) for at, text in texts_between(groups)]
    printed = body.between
    same = [text for _, text in expected] == [text for _, text in printed]
    if same and body.count != sum(group.rows for group in groups):
        return  # their places differ where rows do, and those were named
    for ours, theirs in zip_longest(expected, printed):
        if ours == theirs:
            continue
        at = (theirs or ours)[0]
        said, known = theirs[1] if theirs else "", ours[1] if ours else ""
        if said != known:
            yield (
                f"第 {at} 行后的分组行：打印的是 {shown(said)}，记录是 {shown(known)}"
            )
        elif same and ours:
            yield f"分组行“{shown(known)}”打印在第 {at} 行后，应在第 {ours[0]} 行后。"


def wrong_notes(book: Book, body: Body, file: PrintedFile) -> Iterator[str]:
    """The signs in the rows are explained below the table, and no others."""
    notes = book.footnotes
    note = note_of(body.marks, goes_on=bool(notes))
    for line in filter(None, (*notes, note)):
        if one_line(line) not in file.below:
            yield f"表下应有“{line}”，打印的不是。"
    for mark in MARKS:
        sign = f"{mark.text}——"
        if mark not in body.marks and any(sign in line for line in file.below):
            yield f"表下解释了“{mark.text}”，表里没有。"


def wrong_summaries(
    book: Book, chosen: Selection, reading: Reading, file: PrintedFile
) -> Iterator[str]:
    """The last line of the footers: period, numbers, totals."""
    words, said = file.proof.of.words, summary_of(book, chosen, reading)
    summary = one_line("　　".join(filter(None, [words, said])))
    if any(summary not in footer for footer in file.footers):
        yield f"页脚应有“{summary}”，打印的不是。"


def wrong_chains(proof: Proof, footers: Sequence[str]) -> Iterator[str]:
    """What the footers say of the journal is what the file's own proof says."""
    words = chains_of(proof)
    if any(not any(word in footer for word in words) for footer in footers):
        yield "页脚的流水号或流水校验码被改动过，或者是另一份台账的页脚。"
