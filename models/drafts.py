"""What was typed and not saved yet, kept for the next start (草稿).

A draft is no record: it stays on this PC, inside the encrypted database, and is gone
as soon as what it holds was saved or given up.
"""

from peewee import TextField

from models import clock
from models.base import Local, MomentField, transaction


class Draft(Local):
    """What stands in one place of the window, as JSON text."""

    place = TextField(unique=True)
    person_uid = TextField(default="")
    person_name = TextField(default="")
    payload = TextField()
    saved_at = MomentField()

    class Meta:
        table_name = "draft"


def keep_draft(
    place: str, payload: str, *, person_uid: str = "", person_name: str = ""
) -> None:
    """Put down what stands in *place* now, instead of what stood there before."""
    with transaction():
        Draft.replace(
            place=place,
            person_uid=person_uid,
            person_name=person_name,
            payload=payload,
            saved_at=clock.now(),
        ).execute()


def forget_draft(place: str) -> None:
    """It was saved or given up; nothing happens where there is none."""
    with transaction():
        Draft.delete().where(Draft.place == place).execute()


def drafts() -> list[Draft]:
    """All that is kept, newest first."""
    return list(Draft.select().order_by(Draft.saved_at.desc(), Draft.place))
