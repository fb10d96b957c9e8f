"""Entries put aside (挂起) for somebody more urgent, and taken back."""

from collections.abc import Sequence
from typing import Any

from desk.widgets.form import Form
from models.errors import UserError


class ParkedEntries:
    """What was typed into a form and not saved yet.  Make it while the form is empty.

    *named_by* are the fields an entry is called by; those *apart* only show
    something or choose their first line by themselves.
    """

    def __init__(
        self, form: Form, *, named_by: Sequence[str], apart: Sequence[str]
    ) -> None:
        self._form, self._named_by, self._apart = form, named_by, apart
        self._blank = form.snapshot()
        self._entries: list[dict[str, Any]] = []

    def is_blank(self) -> bool:
        """Whether nothing was typed or chosen yet."""
        return all(
            typed == self._blank[name] or str(typed).strip() == ""
            for name, typed in self._form.snapshot().items()
            if name not in self._apart and name not in self._form.pins.standing
        )

    def park(self) -> int:
        """Put the form's content aside; how many there are now."""
        self._entries.append(self._form.snapshot())
        return len(self._entries)

    def take_back(self) -> str:
        """Bring back what was parked last, parking what is being typed.

        That goes to the far end, so that doing it again shows each entry in turn.
        Returns what came back, for people.
        """
        if not self._entries:
            raise UserError("没有挂起的内容。")
        entry, swapped = self._entries.pop(), not self.is_blank()
        if swapped:
            self._entries.insert(0, self._form.snapshot())
        self._form.clear()
        self._form.restore(entry)
        text = f"已取回：{self._name(entry)}"
        if swapped:
            text += "；刚才填的已挂起"
        if self._entries:
            text += f"，还挂起 {len(self._entries)} 条"
        return f"{text}。"

    def draft(self) -> list[dict[str, Any]]:
        """What is put aside, as JSON has it, for the next start."""
        return [self._form.to_json(entry) for entry in self._entries]

    def bring_draft(self, kept: Sequence[dict[str, Any]]) -> None:
        """Entries of an earlier start; those put aside since come back first."""
        self._entries[:0] = [self._form.from_json(entry) for entry in kept]

    def _name(self, entry: dict[str, Any]) -> str:
        named = [str(getattr(entry[n], "name", entry[n])) for n in self._named_by]
        return " · ".join(filter(None, named)) or "未填来访人的一条"
