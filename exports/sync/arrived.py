"""What an exchange brought: for whoever shows it, to know what to read again."""

from peewee import fn

from models.base import tuples_of
from models.journal import Entry, Stream


def end_of_journal() -> int:
    """A mark: all that comes in later is beyond it."""
    return Entry.select(fn.MAX(Entry.id)).scalar() or 0


def tables_since(end: int) -> set[str]:
    """Of which tables rows of others came in after the mark *end*."""
    new = Entry.select(Entry.table_name).distinct().join(Stream)
    return {name for (name,) in tuples_of(new.where((Entry.id > end) & ~Stream.own))}
