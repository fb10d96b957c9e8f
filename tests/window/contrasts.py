"""The colours of every text in a window, worked out from styles, tags and items.

Each pair is (what it is, text, ground); `checked` gives the pairs that are too weak.
"""

import re
import tkinter

import ttkbootstrap as ttk

from desk.palettes import contrast

LEAST, LEAST_DISABLED = 4.5, 3.0
STATES = (
    *((), ("active",), ("hover",), ("pressed",), ("focus",), ("selected",)),
    *(("selected", "active"), ("selected", "focus"), ("readonly",)),
    *(("readonly", "focus"), ("invalid",), ("focus", "invalid"), ("disabled",)),
    *(("selected", "disabled"), ("readonly", "disabled")),
)
# What the class has, besides its normal state.
USED = {
    "TLabel": (),
    "TEntry": ("focus", "readonly", "invalid", "disabled"),
    "TSpinbox": ("focus", "readonly", "invalid", "disabled"),
    "TCombobox": ("focus", "readonly", "invalid", "disabled"),
    "TButton": ("active", "hover", "pressed", "focus", "disabled"),
    "TMenubutton": ("active", "hover", "pressed", "focus", "disabled"),
    "TCheckbutton": ("active", "hover", "focus", "selected", "disabled"),
    "TRadiobutton": ("active", "hover", "focus", "selected", "disabled"),
    "TNotebook": (),
    "TLabelframe": (),
}
FIELDS = ("TEntry", "TSpinbox", "TCombobox")


def widgets_of(top):
    """Every widget in sight, from the top down."""
    waiting = [top]
    while waiting:
        widget = waiting.pop()
        if not widget.winfo_viewable():
            continue
        yield widget
        waiting.extend(reversed(widget.winfo_children()))


def style_of(widget):
    return str(widget.cget("style")) or widget.winfo_class()


def look_of(widget):
    """Its style without the icon, which has no colour of a text."""
    try:
        name = style_of(widget)
    except tkinter.TclError:  # not of ttk
        return widget.winfo_class()
    return re.sub(r"^Icon[0-9a-f]+\.", "", name)


def hex_of(widget, colour):
    red, green, blue = (part >> 8 for part in widget.winfo_rgb(str(colour)))
    return f"#{red:02x}{green:02x}{blue:02x}"


class Contrasts:
    """Collects pairs once each; the same style on forty labels is one pair."""

    def __init__(self, root):
        self._style = root.style
        self.pairs = {}
        self._seen = set()

    def too_weak(self):
        """The pairs below what they need, as lines to read."""
        return [
            f"{what}: {text} on {ground} is {ratio:.2f}"
            for (what, text, ground), least in sorted(self.pairs.items())
            if (ratio := contrast(text, ground)) < least
        ]

    def look(self, top):
        """Take in every text in sight under *top*."""
        for widget in widgets_of(top):
            self._take(widget)

    def _add(self, widget, what, text, ground, least=LEAST):
        if str(text) and str(ground):
            text, ground = hex_of(widget, text), hex_of(widget, ground)
            self.pairs[what, text, ground] = least

    def _take(self, widget):
        if isinstance(widget, ttk.Treeview | tkinter.ttk.Treeview):
            self._take_tree(widget)
        elif isinstance(widget, tkinter.ttk.Widget):
            self._take_styled(widget)
        elif isinstance(widget, tkinter.Canvas):
            self._take_canvas(widget)
        elif isinstance(widget, tkinter.Text | tkinter.Listbox):
            self._take_text(widget)
        elif isinstance(widget, tkinter.Label | tkinter.Button):
            what = f"{widget.winfo_class()} {widget}"
            self._add(widget, what, widget.cget("fg"), widget.cget("bg"))

    def _take_styled(self, widget):
        kind, name = widget.winfo_class(), look_of(widget)
        if kind not in USED:
            return
        own = (
            [str(widget.cget(o)) for o in ("foreground", "background")]
            if ("foreground" in widget.keys())
            else ["", ""]
        )
        key = (kind, name, *own)
        if key in self._seen:
            return
        self._seen.add(key)
        ground_name = "fieldbackground" if kind in FIELDS else "background"
        for state in STATES:
            if any(part not in USED[kind] for part in state):
                continue
            text = own[0] or self._style.lookup(name, "foreground", state)
            ground = own[1] or self._style.lookup(name, ground_name, state)
            least = LEAST_DISABLED if "disabled" in state else LEAST
            self._add(widget, f"{name} {' '.join(state)}", text, ground, least)
            if kind in FIELDS and "disabled" not in state:
                chosen = [
                    self._style.lookup(name, option, state)
                    for option in ("selectforeground", "selectbackground")
                ]
                self._add(widget, f"{name} marked {' '.join(state)}", *chosen)

    def _take_tree(self, tree):
        name = style_of(tree)
        look = self._style.lookup
        head = f"{name}.Heading"
        for state in ((), ("active",), ("pressed",)):
            colours = [look(head, o, state) for o in ("foreground", "background")]
            self._add(tree, f"{head} {' '.join(state)}", *colours)
        ground = look(name, "fieldbackground") or look(name, "background")
        chosen = look(name, "background", ("selected",))
        texts, grounds = {"rows": look(name, "foreground")}, {"": ground}
        texts["chosen"] = look(name, "foreground", ("selected",))
        grounds["chosen"] = chosen
        for tag in tree.tk.splitlist(tree.tk.call(tree, "tag", "names")):
            texts[tag] = str(tree.tag_configure(tag, "foreground"))
            grounds[tag] = str(tree.tag_configure(tag, "background"))
        for what, text in texts.items():
            for where, below in grounds.items():
                self._add(tree, f"{name} {what} on {where}", text, below)

    def _take_text(self, widget):
        plain, ground = (str(widget.cget(o)) for o in ("foreground", "background"))
        what = widget.winfo_class()
        self._add(widget, what, plain, ground)
        chosen = [str(widget.cget(o)) for o in ("selectforeground", "selectbackground")]
        self._add(widget, f"{what} chosen", *chosen)
        if isinstance(widget, tkinter.Listbox):
            return
        for tag in widget.tag_names():
            text, below = (
                str(widget.tag_cget(tag, option))
                for option in ("foreground", "background")
            )
            if tag != "sel" and (text or below):
                self._add(widget, f"{what} {tag}", text or plain, below or ground)

    def _take_canvas(self, canvas):
        """A text of a drawing stands on the topmost filled item below its middle."""
        plain = str(canvas.cget("background"))
        for item in canvas.find_all():
            box = canvas.bbox(item)
            if canvas.type(item) != "text" or box is None:
                continue
            if canvas.itemcget(item, "state") == "hidden":
                continue
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            below = plain
            for other in canvas.find_overlapping(x, y, x, y):
                if other == item:
                    break
                if canvas.type(other) in ("rectangle", "oval", "polygon", "arc"):
                    below = canvas.itemcget(other, "fill") or below
            what = f"{type(canvas).__name__} {canvas.itemcget(item, 'text')!r}"
            self._add(canvas, what, canvas.itemcget(item, "fill"), below)
