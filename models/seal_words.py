"""What a desk writes into its seal ledger time and again: offered while one types."""

from models.base import tuples_of
from models.desks import Desk
from models.seal_lines import SealUse

# Some weeks of a busy desk; read by the index of times, newest first.
LOOKED_AT = 400

WORDS = ("document_title", "purpose", "approver", "unit", "handler_name")


def words_lately(desk: Desk, name: str, *, most: int = 60) -> list[str]:
    """What *desk* wrote lately in the field *name*, each once, the newest first."""
    if name not in WORDS:
        raise TypeError(f"{name} of a seal use is not offered again")
    query = _lately(desk, getattr(SealUse, name))
    said = dict.fromkeys(text for (text,) in tuples_of(query) if text)
    return list(said)[:most]


def last_use(desk: Desk, *, document_title: str = "") -> SealUse | None:
    """The newest use at *desk*, of a document with this title if one is given."""
    query = _lately(desk, SealUse)
    if document_title:
        query = query.where(SealUse.document_title == document_title)
    return query.where(SealUse.refused_reason == "").first()


def _lately(desk: Desk, *columns):
    valid = (SealUse.desk_uid == desk.uid) & ~SealUse.is_void
    query = SealUse.select(*columns).where(valid)
    return query.order_by(SealUse.used_at.desc(), SealUse.uid.desc()).limit(LOOKED_AT)
