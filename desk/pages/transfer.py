"""移交印章: the card shown in place of the use card while a seal changes hands."""

from typing import Any

from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from models.custody import SealTransfer, holder_of, transfer_seal
from models.errors import UserError
from models.people import people
from models.seals import Seal


class TransferCard(Form):
    """Tells the page `on_transferred` when done, and `on_escape` to go back."""

    def __init__(self, page: Any) -> None:
        super().__init__(page, title="移交印章", command=self._transfer)
        self._page = page
        self._seal: Seal | None = None
        page.put_left(self)
        self.add_fact("seal", SealTransfer.seal_name.verbose_name)
        self.add_fact("giver", SealTransfer.giver_name.verbose_name)
        for name in ("receiver", "witness"):
            self.add_suggest(
                name,
                getattr(SealTransfer, f"{name}_name").verbose_name,
                suggest=lambda text: suggest_people(people(), text),
                fill=name_of,
            )
        for name in ("reason", "condition", "place", "note"):
            self.add_entry(name, getattr(SealTransfer, name).verbose_name)
        self.add_button("确认移交", self.submit, primary=True)
        self.add_button("返回", page.on_escape)
        self.start_over()

    def offer(self, seal: Seal) -> None:
        """The seal to be handed over, and who has it now."""
        self._seal = seal
        self.set("seal", seal.name)
        self.set("giver", holder_of(seal).name)

    def start_over(self) -> None:
        """Empty but for what is usual."""
        self.clear(keep=("seal", "giver"))
        self.set("condition", "完好")

    def _transfer(self) -> None:
        receiver, witness = self.value("receiver"), self.value("witness")
        if self._seal is None:
            raise UserError("请选择印章。")
        if receiver is None:
            raise UserError("请从候选中选择接收人。")
        if witness is None:
            raise UserError("请从候选中选择监交人。")
        done = transfer_seal(
            self._seal,
            by=self._page.window.person,
            receiver=receiver,
            witness=witness,
            reason=self.text("reason"),
            condition=self.text("condition"),
            place=self.text("place"),
            note=self.text("note"),
        )
        self._page.on_transferred(done)
