"""事项卡: what a desk tells of a service (P15), laid over the page to be read only.

The department answers for its business; whoever stands at the desk only reads it out.
"""

import tkinter
from datetime import date
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.time_section import unbroken
from desk.widgets.scrolling import Scrolled
from models.clock import today
from models.services import Service, ServiceCard, ServiceKind, card_of, versions_of

WIDTH = 40  # Chinese characters of the longest line
_AT_ONCE: dict[str, str] = {
    ServiceKind.INSTANT: "即办件：当场办结",
    ServiceKind.ENQUIRY: "咨询：当场答复",
}
NOT_ENTERED = "未登记，请询问责任部门"


def show_service_card(page: Any, service: Service) -> "ServiceCardView":
    """Show the card of *service* over *page*; Esc gives the page back."""
    return ServiceCardView(page, service)


class ServiceCardView(ttk.Frame):
    """Takes the focus, so that Esc is its own; leaving the page closes it too."""

    def __init__(self, page: Any, service: Service) -> None:
        super().__init__(page, style="Popup.TFrame", padding=1, takefocus=True)
        self._page = page
        self._before = page.focus_get()
        self.lines = card_lines(service)
        pad = self._pad = theme.text_width(self, 1)
        outer = ttk.Frame(self)
        outer.pack(fill="both", expand=True)
        self._build_foot(outer)
        self._area = Scrolled(outer, padding=(pad, pad // 2, pad, 0))
        self._area.pack(side="top", fill="both", expand=True)
        self._build_lines(service)
        self._bind_keys()
        self._lay_over()
        self.close_button.focus_set()

    def _build_lines(self, service: Service) -> None:
        pad = self._pad
        ttk.Label(self._area, text=service.name, style="Title.TLabel").grid(
            row=0, column=0, columnspan=2, sticky="w", pady=(0, pad // 2)
        )
        for row, (label, text) in enumerate(self.lines, start=1):
            ttk.Label(self._area, text=label, style="Muted.TLabel").grid(
                row=row, column=0, sticky="nw", padx=(0, pad), pady=pad // 5
            )
            ttk.Label(
                self._area,
                text=unbroken(text or NOT_ENTERED),
                style="TLabel" if text else "Muted.TLabel",
                wraplength=theme.text_width(self, WIDTH - 6),
                justify="left",
            ).grid(row=row, column=1, sticky="w", pady=pad // 5)

    def _build_foot(self, outer: ttk.Frame) -> None:
        pad = self._pad
        foot = ttk.Frame(outer, padding=(pad, pad // 2, pad, pad // 2))
        foot.pack(side="bottom", fill="x")
        self.close_button = ttk.Button(
            foot, text="关闭（Esc）", command=self.close, bootstyle="primary"
        )
        self.close_button.pack(side="right")
        ttk.Label(
            foot, text="内容由中心办公室维护，窗口只能查看。", style="Hint.TLabel"
        ).pack(side="left")

    def _bind_keys(self) -> None:
        for widget in (self, self.close_button):
            widget.bind("<Escape>", lambda event: self.close())
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            self.close_button.bind(
                key, lambda event, step=step: self._area.yview_scroll(step, "units")
            )
        for key in ("<Return>", "<KP_Enter>"):
            self.close_button.bind(key, lambda event: self.close())
        # There is nothing else to go to while the card lies over the page.
        for key in ("<Tab>", "<Shift-Tab>"):
            self.close_button.bind(key, lambda event: "break")
        self._left = self._page.bind(
            "<Unmap>", lambda event: self._on_left(event), add="+"
        )

    def _on_left(self, event: tkinter.Event) -> None:
        if event.widget is self._page and self.winfo_exists():
            self.close()

    def _lay_over(self) -> None:
        """As high as its text, and never higher than the page."""
        self.update_idletasks()
        wide = theme.text_width(self, WIDTH + 4)
        foot = self.close_button.master.winfo_reqheight()
        high = self._area.winfo_reqheight() + foot + self._pad
        room_x, room_y = self._page.winfo_width(), self._page.winfo_height()
        if high > room_y:
            self._area.show_scrollbars()
        else:
            self._area.hide_scrollbars()
        self.place(
            relx=0.5,
            rely=0.5,
            anchor="center",
            width=min(wide, room_x),
            height=min(high, room_y),
        )
        self.lift()

    def close(self) -> str:
        """Give the page back as it was."""
        before = self._before
        self.destroy()
        if before is not None and before.winfo_exists() and before.winfo_viewable():
            before.focus_set()
        return "break"


def card_lines(service: Service) -> list[tuple[str, str]]:
    """Label and text of every line; a text is "" where nothing was entered."""
    card = card_of(service)
    return [
        ("责任部门", card.department_name),
        ("咨询电话", card.phone),
        ("办理时限", _promise(card)),
        ("所需材料", card.materials or "不需要材料"),
        ("办理流程", card.guide),
        ("办理窗口", card.desk_name),
        ("办理地点", card.place),
        ("版本", f"第 {card.version} 版，{_in_force(card.starts_on, card.ends_on)}"),
        *_to_come(service),
    ]


def _promise(card: ServiceCard) -> str:
    if card.kind == ServiceKind.PROMISED:
        return f"承诺件：材料齐全起 {card.working_days} 个工作日内办结"
    return _AT_ONCE.get(card.kind, card.kind_label)


def _in_force(first: date | None, last: date | None) -> str:
    begins = f"{first} 起施行" if first else "中心启用时起施行"
    return f"{begins}，有效至 {last}" if last else f"{begins}，长期有效"


def _to_come(service: Service) -> list[tuple[str, str]]:
    """What was decided already and is not in force yet."""
    return [
        (
            "即将调整",
            f"{version.starts_on} 起改用第 {version.version} 版：{version.name}",
        )
        for version in versions_of(service)
        if version.first_day > max(today(), service.first_day)
    ]
