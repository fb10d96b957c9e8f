"""Is a printed ledger what was recorded?  Read back from its file and compared.

Three questions, each answered by itself.  Do the cells agree with the file's own
digest, or did somebody edit the document?  Does its journal digest belong to the
history that is kept here, and is that history whole?  And are its rows those that
were recorded when it was printed?  What was voided, corrected or added since then is
no forgery; it is listed as information.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain as chain_rows
from itertools import islice
from pathlib import Path

from exports.ledgers.annex import told
from exports.ledgers.around import (
    wrong_chains,
    wrong_groups,
    wrong_lines,
    wrong_notes,
    wrong_summaries,
)
from exports.ledgers.body import Body
from exports.ledgers.changes import MOST_NAMED, Now, flat, named, shown
from exports.ledgers.comparing import Difference, differences
from exports.ledgers.computed import ComputedLedger
from exports.ledgers.groups import Group, cut
from exports.ledgers.heads import heading_texts
from exports.ledgers.history import Chain, chain_of
from exports.ledgers.ledger import Book, Reading, headings_of
from exports.ledgers.past import count_since, snapshot, take_back
from exports.ledgers.printed import PrintedFile, open_printed
from exports.ledgers.proof import WORDING, Proof, mark_of
from exports.ledgers.selection import Selection
from models import migrations
from models.base import Record, connection, station_uid
from models.desks import Department, Desk
from models.erasing import erased_numbers
from models.erasure import GONE
from models.errors import UserError
from models.installation import installation
from models.people import Person
from models.progress import Report, unheard
from models.seals import Seal

# What a person is told where the difference is none: what was printed is erased here.
ERASED = "有 {} 行在打印之后已按规定删除个人信息，这些行只核对了其余各栏。"

HIDDEN = "电话、学号隐去的数字没有印出来，只核对了印出来的部分。"


@dataclass
class LedgerCheck:
    """What was found; every text is for people.  Good when there are no faults."""

    title: str
    station: str
    printed_at: str
    selection: str
    # Rows that the file has.
    rows: int = 0
    # The three answers; None: it could not be looked at here, see `notes`.
    cells_agree: bool = True
    chain_holds: bool | None = None
    rows_agree: bool | None = None
    faults: list[str] = field(default_factory=list)
    # What happened to the rows after the print.
    later: list[str] = field(default_factory=list)
    # What could not be checked, and why.
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing is wrong, and all three questions could be answered."""
        return not self.faults and self.chain_holds is True and self.rows_agree is True

    @property
    def verdict(self) -> str:
        if self.faults:
            return "与记录不一致。"
        if self.good:
            return "打印的内容与打印时的记录一致。"
        return "没有发现问题，但是在这台电脑上不能全部核对。"


def check_ledger(path: Path, report: Report = unheard) -> LedgerCheck:
    """Check the ledger in the .docx at *path* against this station's records.

    Raises `UserError` for a file that is no ledger of this centre and program.
    """
    with connection(), open_printed(path) as file:
        return _Checking(file, report).check()


def book_of(proof: Proof) -> Book:
    """The ledger that the file says it is; of this centre, and known here."""
    from exports.ledgers import LEDGERS

    if proof.centre != mark_of(installation().realm):
        raise UserError("这是另一个中心的台账，请在那个中心的电脑上核验。")
    for book in LEDGERS:
        if book.code == proof.ledger:
            return book
    raise UserError("这本台账由更新的程序导出，请先升级本程序再核验。")


class _Checking:
    """One file: its rows are read once, beside those recorded."""

    def __init__(self, file: PrintedFile, report: Report) -> None:
        self.file, self.proof, self.report = file, file.proof, report
        # Asked before the tables are taken back to when nothing was erased yet.
        self.erased = erased_numbers()
        self.book = book_of(self.proof)
        days = Selection(self.proof.first, self.proof.last)
        self.chosen = self._selection() or days
        self.headings = headings_of(self.book, self.chosen)
        self.found = LedgerCheck(
            title=self.book.title,
            station=self.proof.station_name,
            printed_at=f"{self.proof.printed_at:%Y-%m-%d %H:%M}",
            selection=str(days),
        )
        self.body = self._body()
        self.key = [self.headings.index(name) for name in self.book.key]

    def check(self) -> LedgerCheck:
        found = self.found
        with snapshot():
            chain = chain_of(self.proof.streams, self.report)
            found.chain_holds = chain.holds
            found.faults += chain.faults
            found.notes += chain.notes
            if self._may_compare(chain):
                self._compare_with_records(chain)
            for _ in chain_rows(self.body.rows(), self.body.annexed()):
                pass  # what was not compared is still read, for the digest
        found.rows = self.body.count
        self._check_own_digest()
        return found

    def _body(self) -> Body:
        book, proof, chosen = self.book, self.proof, self.chosen
        return Body(
            self.file,
            len(self.headings),
            heading_texts(self.headings, book.heads_of(chosen)),
            proof.headings,
            book.annex,
            self.found.faults,
        )

    def _may_compare(self, chain: Chain) -> bool:
        """Say why not, if not."""
        notes = self.found.notes
        heads = self.book.heads_of(self.chosen)
        known = mark_of(*heading_texts(self.headings, heads))
        same_columns = self.proof.headings == known
        if not same_columns or self.proof.wording != WORDING:
            which = (
                "更新的程序导出，请升级后再核验"
                if self._is_newer()
                else "较早的程序导出"
            )
            what = "写法" if same_columns else "栏目"
            notes.append(f"这本台账由{which}，{what}不同，没有与记录逐行核对。")
            return False
        if chain.places is None:
            return False
        by_the_clock = isinstance(self.book, ComputedLedger) and self.book.by_the_clock
        if by_the_clock and not self._is_over():
            notes.append(
                "导出时期间还没有结束，这张表是当时推算的，没有与记录逐行核对。"
            )
            return False
        if by_the_clock and self.proof.station != station_uid():
            notes.append("这张表在导出的电脑上才能与记录逐行核对。")
            return False
        return True

    def _is_newer(self) -> bool:
        proof = self.proof
        return proof.schema > 1 + len(migrations.STEPS) or proof.wording > WORDING

    def _is_over(self) -> bool:
        """A shift of the last day may end on the morning after it."""
        return self.proof.printed_at.date() > self.proof.last + timedelta(days=1)

    def _compare_with_records(self, chain: Chain) -> None:
        assert chain.places is not None
        changed = count_since(chain.places)
        chosen = self._selection()
        part, now = self.proof.of, None
        if changed and chosen:
            now = Now(self.book, chosen, self.key, part)
        if changed:
            take_back()
            chosen = self._selection()
        if chosen is None:
            self.found.notes.append("台账所选的窗口、印章、部门或人员在本机没有登记。")
            return
        reading, faults = self.book.read(chosen), self.found.faults
        recorded = iter(reading.lines)
        if now is not None:
            recorded = now.beside(recorded)
        before = len(faults)
        self._compare_rows(self._of_this_file(recorded))
        faults += wrong_groups(self._groups(reading), self.body)
        faults += wrong_lines(self.book, chosen, reading, self.file, self.body)
        self._compare_annex(iter(reading.annexed if part.is_last else ()))
        faults += wrong_notes(self.book, self.body, self.file)
        faults += wrong_summaries(self.book, chosen, reading, self.file)
        self.found.rows_agree = len(faults) == before
        self.found.selection = self.book.days_of(chosen)
        if now is not None:
            deque(recorded, maxlen=0)  # what became of those in the other files
            self.found.later = now.told()
        if chosen.masked:
            self.found.notes.append(HIDDEN)

    def _of_this_file(
        self, recorded: Iterator[Sequence[str]]
    ) -> Iterator[Sequence[str]]:
        """Of a ledger split by rows those that the file should have."""
        part = self.proof.of
        if part.of == 1:
            return recorded
        return islice(recorded, part.skipped, part.skipped + part.rows)

    def _groups(self, reading: Reading) -> Sequence[Group]:
        part = self.proof.of
        if part.of == 1:
            return reading.groups
        return cut(reading.groups, part.skipped, part.skipped + part.rows)

    def _selection(self) -> Selection | None:
        proof = self.proof
        models: dict[str, type[Record]] = {
            "desk": Desk,
            "seal": Seal,
            "department": Department,
            "worker": Person,
        }
        chosen = {}
        for name, model in models.items():
            uid = getattr(proof, name)
            chosen[name] = model.get_or_none(model.uid == uid) if uid else None
            if uid and chosen[name] is None:
                return None
        printed_on = proof.printed_at.date()
        return Selection(
            proof.first,
            proof.last,
            **chosen,
            on=printed_on,
            recorder=proof.recorder,
            masked=proof.masked,
        )

    def _compare_rows(self, recorded: Iterator[Sequence[str]]) -> None:
        found = differences(self.body.rows(), recorded, self.headings, self.book.key)
        self._name(map(self._told, self._but_for_erased(found)))

    def _but_for_erased(self, found: Iterator[Difference]) -> Iterator[Difference]:
        """What differs because personal data were erased since is no forgery."""
        erased, rows = self.erased, set[str]()
        for one in found:
            cells = {one.row[at] for at in self.key if at < len(one.row)}
            if erased & cells and _is_blank(one):
                rows |= erased & cells
            else:
                yield one
        if rows:
            self.found.notes.append(ERASED.format(len(rows)))

    def _compare_annex(self, recorded: Iterator[Sequence[str]]) -> None:
        annex = self.book.annex
        if annex is not None:
            rows = self.body.annexed()
            found = differences(rows, recorded, annex.headings, annex.key)
            self._name(told(annex, one) for one in found)

    def _name(self, faults: Iterator[str]) -> None:
        self.found.faults += islice(faults, MOST_NAMED)
        more = sum(1 for _ in faults)
        if more:
            self.found.faults.append(f"还有 {more} 处不同，没有一一列出。")

    def _told(self, one: Difference) -> str:
        name = named(self.book, self.headings, one.row)
        if one.printed is None:
            return f"缺少第 {one.number} 行：记录里有（{name}），打印的没有。"
        if one.recorded is None:
            return f"第 {one.number} 行（{name}）：打印的有，记录里没有。"
        return (
            f"第 {one.number} 行（{name}）“{flat(one.heading)}”："
            f"打印的是 {shown(one.printed)}，记录是 {shown(one.recorded)}"
        )

    def _check_own_digest(self) -> None:
        found, digest = self.found, self.body.digest
        found.cells_agree = digest.whole == self.file.cells
        if not found.cells_agree or found.rows != self.proof.rows:
            found.cells_agree = False
            found.faults.append("打印的内容与文件自己的校验码不符：导出后有人改过。")
        elif any(digest.shown not in text for text in self.file.footers):
            found.cells_agree = False
            found.faults.append(f"页脚的校验码应是 {digest.shown}，被改动过。")
        elif wrong := list(wrong_chains(self.proof, self.file.footers)):
            found.cells_agree = False
            found.faults += wrong


def _is_blank(one: Difference) -> bool:
    """Does the recorded say no more than what was printed, with something taken out?"""
    said = (one.recorded or "").strip()
    return GONE in said or said in (one.printed or "")
