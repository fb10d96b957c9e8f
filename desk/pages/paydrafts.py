"""What is typed in 工时酬金 and not saved: the reason, and about whom it is."""

from collections.abc import Callable
from datetime import date
from typing import Any


class PayDrafts:
    """The part of the page that gives its draft.  It takes one back when the month is
    reckoned, which the worker does."""

    view: Any
    bar: Any
    table: Any
    form: Any
    _rows: list[Any]
    _mark: Callable[[list[str]], None]
    _show_marked: Callable[[], None]
    _kept: dict[str, Any] | None = None  # waits for its month

    def draft(self) -> dict[str, Any] | None:
        """The reason; a choice alone is made anew in no time."""
        if self._kept is not None:
            return self._kept
        typed = self.form.draft(apart=("choice", "consent"))
        if typed is None or self.view is None:
            return None
        rows = [row.uid for row in self.table.selection()]
        return {"month": f"{self.view.month}", "rows": rows, "form": typed}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """To the month and the people it is about."""
        month = date.fromisoformat(kept["month"])
        if month not in self.bar.months:
            return
        self._kept = {name: kept[name] for name in ("month", "rows", "form")}
        self.bar.choose_department("")
        self.bar.choose_month(month)

    def bring_kept(self) -> None:
        """Now that the month is shown; not to people who are no more in it."""
        kept = self._kept
        if kept is None or self.view is None or f"{self.view.month}" != kept["month"]:
            return
        self._kept = None
        about = [row for row in self._rows if row.uid in kept["rows"]]
        if about:
            self._mark([self.table.row_of(row) for row in about])
            self._show_marked()
            self.form.bring_draft(kept["form"])
