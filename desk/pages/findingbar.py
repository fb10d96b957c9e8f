"""What 查找 is asked: a text and the filters of one kind of record."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.widgets import fields
from models.desks import desks, this_desk
from models.finding import FIND_STATUS_LABELS
from models.seals import seals
from models.services import Service, all_services, desk_of, services_of

VISITS, SEAL_USES = "visits", "seal_uses"
KIND_LABELS = {VISITS: "来访", SEAL_USES: "用印"}
# Which filters narrow which kind of record.
FILTERS = {
    VISITS: ("first", "last", "desk", "service", "status"),
    SEAL_USES: ("first", "last", "seal"),
}
MOST_LINES = 4  # of fields, in a narrow window with large type


class FindingBar(ttk.Frame):
    """The fields stand in one line, or in as many as the width asks for.

    `on_change(soon)` hears of every change; *soon* while somebody is typing.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        is_office: bool,
        on_change: Callable[[bool], None],
        on_kind: Callable[[], None],
    ) -> None:
        super().__init__(master)
        self._is_office, self._on_change, self._on_kind = is_office, on_change, on_kind
        # What was asked for from elsewhere, and is not to choose here by itself.
        self._retired: Service | None = None
        self._has_own_desk = False
        self._gap = theme.text_width(self, 0.5)
        self._shown: list[ttk.Frame] = []
        self._places: list[tuple[ttk.Frame, int]] = []
        self._groups: dict[str, ttk.Frame] = {}
        self.fields: dict[str, fields.Field] = {}
        # No stops for Tab, though the page binds a key to every part of the bar.
        self._lines = [ttk.Frame(self, takefocus=False) for _ in range(MOST_LINES)]
        for line in self._lines:
            line.pack(fill="x", pady=(0, self._gap // 2))
        self.sought = ttk.StringVar(self)
        self.sought.trace_add("write", lambda *_: on_change(True))
        self._build_fields()
        self._show_filters()
        self.bind("<Configure>", lambda event: self.fit(), add="+")

    def _build_fields(self) -> None:
        def changed() -> None:
            self._on_change(False)

        self._add("kind", fields.list_field, "", self._change_kind, width=6)
        self._add("text", fields.entry_field, "查找", width=28)
        self._add("first", fields.date_field, "从", width=11)
        self._add("last", fields.date_field, "至", width=11)
        self._add("desk", fields.list_field, "窗口", self._change_desk, width=18)
        self._add("service", fields.list_field, "事项", changed, width=16)
        self._add("status", fields.list_field, "处理情况", changed, width=11)
        self._add("seal", fields.list_field, "印章", changed, width=28)
        self.entry = self.fields["text"].widget
        self.entry.configure(textvariable=self.sought)
        for name in ("first", "last"):
            for event in ("<FocusOut>", "<Return>"):
                self.fields[name].widget.entry.bind(
                    event, lambda event: self._on_change(True), add="+"
                )
        self._choices("kind", [(label, kind) for kind, label in KIND_LABELS.items()])
        self._choices("status", [(v, k) for k, v in FIND_STATUS_LABELS.items()], "全部")

    def _add(self, name: str, make: Any, label: str, *more: Any, width: int) -> None:
        group = self._groups[name] = ttk.Frame(self)
        field = self.fields[name] = make(group, label, *more)
        field.widget.configure(width=width)
        if label:
            caption = ttk.Label(group, text=label, style="Muted.TLabel")
            caption.pack(side="left", padx=(0, self._gap // 2))
        field.widget.pack(side="left", padx=(0, self._gap))

    def _choices(
        self, name: str, choices: list[tuple[str, Any]], everything: str = ""
    ) -> None:
        """Offer these lines, keeping the chosen one if it is still there."""
        field = self.fields[name]
        before = field.read()
        box = field.widget
        box.choices = [*([(everything, None)] if everything else []), *choices]
        box.configure(values=[line for line, _ in box.choices])
        field.write(before)
        if box.current() < 0:
            box.current(0)

    # -- what may be chosen -----------------------------------------------------

    def offer(self) -> None:
        """Offer the desks, services and seals there are now."""
        if self._is_office:
            self._choices("desk", [(d.name, d) for d in desks()], "全部窗口")
        self._choices("seal", [(seal.name, seal) for seal in seals()], "全部印章")
        self._offer_services()

    def _offer_services(self, wanted: Service | None = None) -> None:
        """Those of today, and one that was asked for though it is offered no more."""
        desk = self.fields["desk"].read() if self._is_office else this_desk()
        if desk is not None:
            offered = [(service.name, service) for service in services_of(desk)]
        else:
            offered = [(f"{s.name}（{d.name}）", s) for s, d in all_services()]
        same = [s for _, s in offered if wanted and s.item == wanted.item]
        if wanted is not None and not same:
            self._retired = wanted
        if self._retired and desk in (None, desk_of(self._retired)):
            offered.append((f"{self._retired.name}（已停办）", self._retired))
        self._choices("service", offered, "全部事项")
        if wanted is not None:
            self.fields["service"].write((same or [wanted])[0])

    def _change_desk(self) -> None:
        self._offer_services()
        self._on_change(False)

    def _change_kind(self) -> None:
        self._show_filters()
        self._on_kind()

    def _show_filters(self) -> None:
        """Only those that this kind of record can be narrowed by."""
        names = ["kind", "text", *FILTERS[self.kind]]
        if not (self._is_office or self._has_own_desk) and "desk" in names:
            names.remove("desk")
        self._shown = [self._groups[name] for name in names]
        self.fit()

    def fit(self) -> None:
        """Lay the fields out anew where the width has changed."""
        room = self.winfo_width()
        places, row, used = [], 0, 0
        for group in self._shown:
            wide = group.winfo_reqwidth()
            if used and room > 1 and used + wide > room:
                row, used = min(row + 1, MOST_LINES - 1), 0
            places.append((group, row))
            used += wide
        if places == self._places:
            return
        self._places = places
        for group in self._groups.values():
            group.pack_forget()
        for group, row in places:
            group.pack(in_=self._lines[row], side="left")
            group.lift()

    def ask(self, kind: str, **filters: Any) -> None:
        """Set these filters and no others; for what is not named, or None, everything.

        A version of a service stands for its item.
        """
        self.fields["kind"].write(kind)
        self.clear()
        service, desk = filters.pop("service", None), filters.get("desk")
        if desk is not None and not self._is_office:
            self._choices("desk", [(desk.name, desk)], "全部窗口")
            self._has_own_desk = True
        for name, value in filters.items():
            if value is not None:
                self.fields[name].write(value)
        self._offer_services(service)
        self._show_filters()

    # -- what was chosen ----------------------------------------------------------

    @property
    def kind(self) -> str:
        return self.fields["kind"].read()

    @property
    def other_kind(self) -> str:
        return SEAL_USES if self.kind == VISITS else VISITS

    def turn(self) -> None:
        """To the other kind, with the same text and days."""
        self.fields["kind"].write(self.other_kind)
        self._change_kind()

    def question(self, kind: str) -> tuple[str, dict[str, Any]]:
        """The text, and the filters as `find_visits` or `find_seal_uses` takes them."""
        chosen = {name: self.fields[name].read() for name in FILTERS[kind]}
        return self.sought.get(), chosen

    def clear(self) -> None:
        """No words and no filters."""
        self._retired, self._has_own_desk = None, False
        for name in ("first", "last"):
            self.fields[name].write(None)
        for name in ("desk", "service", "status", "seal"):
            if self.fields[name].widget.choices:
                self.fields[name].widget.current(0)
        self._show_filters()
        self.sought.set("")
