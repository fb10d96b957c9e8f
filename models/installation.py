"""Who this PC is: one local row, never synced, with its own secret keys."""

from enum import StrEnum

from peewee import BooleanField, TextField

from models.base import Local, MomentField, SecretField, db
from models.clock import now
from models.errors import UserError


class StationKind(StrEnum):
    """What a station is for.  Stored and synced: never rename a value."""

    OFFICE = "office"
    DESK = "desk"


STATION_KIND_LABELS: dict[str, str] = {
    StationKind.OFFICE: "中心办公室",
    StationKind.DESK: "窗口工作站",
}


class Installation(Local):
    """This PC as a station.  Secret keys live here, inside the encrypted database."""

    station_uid = TextField()
    kind = TextField()
    name = TextField(verbose_name="名称")
    # The centre this station belongs to, and the stream label it writes under.
    realm = TextField()
    centre_name = TextField(verbose_name="中心名称")
    epoch = TextField()
    share = TextField(default="", verbose_name="共享文件夹")
    # Own secrets: Ed25519 seed (hex) and age identity.
    sign_seed = SecretField()
    age_identity = SecretField()
    # Pinned at enrolment: the office's verify key (hex), age recipients.
    office_uid = TextField()
    office_key = TextField()
    office_recipient = TextField()
    recovery_recipient = TextField()
    # The newest office epoch seen; an older one is never followed again.
    followed_epoch = TextField(default="")
    # How the last exchange with the shared folder went ("" when well).
    synced_at = MomentField(null=True)
    sync_trouble = TextField(default="")
    # Since when the share has not been there (empty while it is).
    away_since = MomentField(null=True)
    created_at = MomentField(default=now)
    # The machine the data were last used on ("" while it was never looked at).
    machine = TextField(default="")
    # In an epoch begun anew: the office has not yet said what it holds of the others.
    awaits_office = BooleanField(default=False)

    # Of the office: when its keys were last put on two sticks.
    keys_saved_at = MomentField(null=True)

    class Meta:
        table_name = "installation"

    @property
    def is_office(self) -> bool:
        return self.kind == StationKind.OFFICE

    @property
    def kind_label(self) -> str:
        return STATION_KIND_LABELS.get(self.kind, self.kind)


def installation() -> Installation:
    """This PC's own row."""
    row = Installation.get_or_none(Installation.id == 1)
    if row is None:
        raise UserError("这台电脑还没有设立工作站，请先建立新中心或加入已有中心。")
    return row


def set_share(path: str) -> None:
    """Remember the shared folder."""
    if not path.strip():
        raise UserError("请选择共享文件夹。")
    with db.atomic():
        Installation.update(share=path.strip()).execute()
