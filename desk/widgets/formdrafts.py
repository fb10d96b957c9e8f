"""What was typed into a form and not saved, as JSON has it, for the next start."""

from collections.abc import Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from desk.widgets.datefield import DateField
from desk.widgets.fields import Field
from desk.widgets.suggest import SuggestEntry


class FormDrafts:
    """The part of a form that gives its draft, and takes one back."""

    _fields: dict[str, Field]

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, to be put back with `restore`."""
        raise NotImplementedError

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot."""
        raise NotImplementedError

    def keep_out(self, *names: str) -> None:
        """These are in no draft: cards, passwords, signatures."""
        for name in names:
            self._fields[name].kept = False

    def is_typed_in(self, apart: Sequence[str] = ()) -> bool:
        """Whether somebody typed or chose anything but in the fields *apart*."""
        fields = self._fields.items()
        return any(field.is_typed for name, field in fields if name not in apart)

    def draft(self, *, apart: Sequence[str] = ()) -> dict[str, Any] | None:
        """What stands here; None when nobody typed anything.

        What stands in the fields *apart* is not worth a draft by itself.
        """
        return self.to_json(self.snapshot()) if self.is_typed_in(apart) else None

    def bring_draft(self, kept: Mapping[str, Any]) -> None:
        """Put a draft back; what it names and is no more stays as text."""
        self.restore(self.from_json(kept))

    def chosen_fields(self) -> list[str]:
        """Those with nothing to type in: lists, choices and ticks."""
        typed_in = (ttk.Spinbox, SuggestEntry, DateField, ttk.Text)
        return [
            name
            for name, field in self._fields.items()
            if not isinstance(field.widget, typed_in)
            and field.widget.winfo_class() != "TEntry"
        ]

    def to_json(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """A snapshot as JSON has it, without what only shows something."""
        return {
            name: field.to_json(typed[name])
            for name, field in self._fields.items()
            if field.kept and not isinstance(field.widget, ttk.Label)
        }

    def from_json(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """A snapshot of what `to_json` gave."""
        return {
            name: field.from_json(kept[name])
            for name, field in self._fields.items()
            if field.kept and name in kept
        }


def together(**parts: Any) -> dict[str, Any] | None:
    """The draft of a page with several parts; None when none has anything to keep."""
    return {name: part for name, part in parts.items() if part} or None
