"""What every kind of ledger can do, and what is read of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from exports.ledgers.annex import Annex
from exports.ledgers.groups import Group
from exports.ledgers.heads import Head
from exports.ledgers.masks import Mask
from exports.ledgers.selection import Selection
from exports.ledgers.sheet import Place


class Totals(NamedTuple):
    """What a ledger adds up to."""

    # The merged last row.
    closing: str
    # An addition to the line under the title, such as the range of numbers.
    subtitle: str = ""
    # What the footer of every page says, instead of period and rows.
    footer: str = ""
    # Of records that have numbers the first and last one, for that footer.
    numbers: str = ""


class Reading(NamedTuple):
    """The lines of a selection as they are printed, and what they add up to."""

    count: int
    totals: Totals
    lines: Iterable[Sequence[str]]
    # Those of the annex, to be read when the others have been.
    annexed: Iterable[Sequence[str]] = ()
    # All lines, where they stand in groups.
    groups: Sequence[Group] = ()


class Heading(Protocol):
    """What the sheet needs to know of a column of any kind of ledger."""

    heading: str
    width: float
    left: bool
    mask: Mask | None

    @property
    def counts(self) -> bool: ...


class Book(Protocol):
    """What every kind of ledger can do."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def columns(self) -> Sequence[Heading]: ...

    @property
    def footnotes(self) -> tuple[str, ...]: ...

    @property
    def key(self) -> tuple[str, ...]:
        """Headings of the columns that tell one row from another."""
        ...

    @property
    def row_height(self) -> float: ...

    @property
    def is_register(self) -> bool: ...

    @property
    def annex(self) -> Annex | None: ...

    @property
    def signatures(self) -> tuple[Place, ...]: ...

    @property
    def portrait(self) -> bool: ...

    @property
    def kept_by_office(self) -> bool:
        """A desk knows only part of it."""
        ...

    def columns_of(self, chosen: Selection) -> Sequence[Heading]:
        """The columns for a selection: a month has as many as it has days."""
        ...

    def heads_of(self, chosen: Selection) -> tuple[Head, ...]:
        """The heading row above the columns' own; none for most."""
        ...

    def title_of(self, chosen: Selection) -> str:
        """The title as it is printed, with what it says of a draft."""
        ...

    def days_of(self, chosen: Selection) -> str:
        """What was chosen, in words: the line under the title."""
        ...

    def check(self, chosen: Selection) -> None:
        """Raise `UserError` for a selection that the ledger cannot show."""

    def read(self, chosen: Selection) -> Reading:
        """Runs in a transaction: count, totals and lines are of one moment."""
        ...
