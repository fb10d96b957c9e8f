"""Fonts, styles and sizes of the whole window, light and dark."""

import tkinter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tkinter import font
from typing import Any

import ttkbootstrap as ttk
from ttkbootstrap.style import Style, StyleBuilderTK, StyleBuilderTTK
from ttkbootstrap.style.theme import Colors, ThemeDefinition
from ttkbootstrap.utils.config import defer

from desk.palettes import KINDS, PALETTES

FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "SimSun",
)
MONO_FAMILIES = ("Consolas", "Menlo", "DejaVu Sans Mono", "Noto Sans Mono CJK SC")
ICON = Path(__file__).parents[1] / "icons" / "desk-64.png"
FIELDS = ("TEntry", "TCombobox", "TSpinbox")
BASE_POINTS = 10
ZOOMS = (90, 100, 110, 125, 150)
# Tk's own tells every widget there is that the theme has changed.
TELL_WIDGETS = """
proc ::desk_theme_changed top {
    event generate $top <<ThemeChanged>>
    foreach w [winfo children $top] {
        if {$w ni $::desk_left_out} {::desk_theme_changed $w}
    }
}
proc ::ttk::ThemeChanged {} {::desk_theme_changed .}
"""
ROW_HEIGHT = 1.6  # of the line space: at 1.0 Chinese text is cramped

_mode = "light"
_changes = 0
_left_out: set[str] = set()
_built: dict[str, int] = {}  # the themes with our styles, and the line they are for


def colour(name: str) -> str:
    """One colour of the mode in use, as #rrggbb."""
    return PALETTES[_mode][name]


def mode() -> str:
    """Which palette is in use: "light" or "dark"."""
    return _mode


def changes() -> int:
    """How often the look has changed: what was styled before is to be restyled."""
    return _changes


def create_root(title: str) -> ttk.App:
    """The one root of this process, withdrawn, with fonts and both palettes set."""
    global _mode
    _mode = "light"
    _built.clear()
    ttk.set_locale("zh_cn")
    _mend_library()
    _left_out.clear()
    defer("campus", _register_themes)  # or the library's own would be built as well
    name = f"campus-{_mode}"
    root = ttk.App(title=title, className="Desk", iconphoto=str(ICON), theme=name)
    root.withdraw()
    root.tk.call("set", "::desk_left_out", "")
    root.tk.eval(TELL_WIDGETS)
    # The one question of its dialogs for files that Tk 8.6 has no Chinese for.
    gone = 'File "%1$s"  does not exist.'
    root.tk.call("::msgcat::mcset", "zh_cn", gone, "文件“%1$s”不存在。")
    set_fonts(root)
    ttk.on_theme_change(_build_styles)
    return root


def _register_themes() -> None:
    """Once there is a root, and before it has a theme."""
    style = ttk.Style()
    for name, palette in PALETTES.items():
        colours = _library_colours(palette)
        style.register_theme(ThemeDefinition(f"campus-{name}", colours, mode=name))
    style.set_theme_modes("campus-light", "campus-dark")


def _mend_library() -> None:
    """The library's text of what is disabled has a contrast of 1.6, and the rim of
    its text boxes with the keyboard hardly shows on a dark ground."""
    disabled = StyleBuilderTTK.disabled

    def readable(builder: StyleBuilderTTK, role: str = "background", *surface: str):
        if role == "text":
            return PALETTES["light" if builder.is_light_theme else "dark"]["disabled"]
        return disabled(builder, role, *surface)

    StyleBuilderTTK.disabled = readable
    for name in ("update_text_style", "update_listbox_style"):
        setattr(StyleBuilderTK, name, _with_clear_rim(getattr(StyleBuilderTK, name)))
    Style._theme_walk = lambda style: _repaint(style, style.master, _left_out)


def _with_clear_rim(
    update: Callable[[StyleBuilderTK, Any], None],
) -> Callable[[StyleBuilderTK, Any], None]:
    def updated(builder: StyleBuilderTK, widget: Any) -> None:
        update(builder, widget)
        widget.configure(highlightcolor=colour("primary_text"))

    return updated


def _library_colours(palette: dict[str, str]) -> Colors:
    return Colors(**{name: palette[name] for name in list(palette)[:16]})


def set_mode(root: ttk.App, name: str) -> None:
    """Use the light or the dark palette from now on."""
    global _mode, _changes
    _mode, _changes = name if name in PALETTES else "light", _changes + 1
    root.style.theme_use(f"campus-{_mode}")  # builds our own styles as well


def restyle(widget: tkinter.Misc) -> None:
    """Give *widget* and all in it the look in use: it was aside when that changed."""
    _repaint(ttk.Style(), widget, ())
    widget.tk.call("::desk_theme_changed", widget)


def leave_out(part: tkinter.Misc, widgets: Sequence[Any]) -> None:
    """Let no change of the look reach *widgets* from now on: nobody sees them."""
    _left_out.clear()
    _left_out.update(str(widget) for widget in widgets)
    part.tk.call("set", "::desk_left_out", list(_left_out))


def left_out() -> set[str]:
    """The paths of those."""
    return _left_out


def _repaint(style: Any, top: Any, beside: Collection[str]) -> None:
    """What the library does for every widget when the theme changes; but of a window
    with all its pages that is three frames, and *beside* nobody would see it."""
    waiting = [top]
    while waiting:
        widget = waiting.pop()
        if beside and str(widget) in beside:
            continue
        fresh = getattr(widget, "_theme_version", None) == style._theme_version
        if not fresh and not getattr(widget, "_tb_no_autostyle", False):
            style._repaint_widget(widget)
            widget._theme_version = style._theme_version
        # Tk knows which of them there still are.
        names = style.tk.splitlist(style.tk.call("winfo", "children", widget))
        found = (widget.children.get(str(name).rpartition(".")[2]) for name in names)
        waiting.extend(child for child in found if child is not None)


def set_fonts(root: tkinter.Misc, zoom: int = 100) -> None:
    """Choose the family once and size every named font for *zoom* per cent."""
    known = set(font.families(root))
    family = next((name for name in FAMILIES if name in known), None)
    mono = next((name for name in MONO_FAMILIES if name in known), None)
    base = round(BASE_POINTS * zoom / 100)
    for name in font.names(root):
        if not name.startswith("Tk"):
            continue
        named = font.nametofont(name, root=root)
        chosen = mono if name == "TkFixedFont" else family
        # A size in points is turned into pixels when it is set, so setting it
        # again is also what makes a changed tk scaling take effect.
        named.configure(size=base, weight="normal")
        if chosen:
            named.configure(family=chosen)
    sizes = {
        "DeskTitle": (1.5, "bold"),
        "DeskHeading": (1.15, "bold"),
        "DeskSmall": (0.9, "normal"),
        "DeskBig": (2.0, "normal"),
        "DeskHuge": (2.8, "bold"),  # on the screens for students
        "DeskBold": (1.0, "bold"),
        "DeskStruck": (1.0, "normal"),  # struck through: what does not count any more
    }
    body = font.nametofont("TkDefaultFont", root=root).actual("family")
    for name, (factor, weight) in sizes.items():
        options = {"family": body, "size": round(base * factor), "weight": weight}
        if name in font.names(root):
            font.nametofont(name, root=root).configure(**options)
        else:
            _kept.append(font.Font(root=root, name=name, **options))
    font.nametofont("DeskStruck", root=root).configure(overstrike=True)


_kept: list[font.Font] = []  # a Font that is collected takes its named font along


def line_height(widget: tkinter.Misc, name: str = "TkDefaultFont") -> int:
    """Pixels from one line of text to the next in the named font."""
    return font.nametofont(name, root=widget).metrics("linespace")


def text_width(widget: tkinter.Misc, characters: float) -> int:
    """Pixels that *characters* Chinese characters take in the body font."""
    return round(
        font.nametofont("TkDefaultFont", root=widget).measure("国") * characters
    )


def fitting(face: font.Font, text: str, room: float) -> str:
    """As much of a text as there is room for in pixels, with `…` where it was cut."""
    if face.measure(text) <= room:
        return text
    fits, over = 0, len(text)
    while over - fits > 1:
        half = (fits + over) // 2
        wide = face.measure(f"{text[:half]}…")
        fits, over = (half, over) if wide <= room else (fits, half)
    return f"{text[:fits]}…" if fits else ""


def _build_styles(style: ttk.Style) -> None:
    """Our own styles.  Runs again after every change of theme."""
    if style.theme is None or not style.theme.name.startswith("campus-"):
        return
    root = style.master
    line = line_height(root)
    if _built.get(style.theme.name) == line:  # the styles of a theme stay with it
        return
    _built[style.theme.name] = line
    c = PALETTES[style.theme.name.removeprefix("campus-")]
    style.configure("Treeview", rowheight=round(line * ROW_HEIGHT))
    # A title begins where its cells do: it has two rims more.
    padding = [ttk.scale_size(root, side) for side in (2, 5)]
    style.configure("Treeview.Heading", padding=padding)
    style.map(
        "Treeview",
        background=[("selected", c["chosen"])],
        foreground=[("selected", c["fg"])],
    )
    _build_labels(style, c)
    _build_bars(style, c)
    _build_surfaces(style, c, line)
    _show_focus(style, c, line)


def _build_labels(style: ttk.Style, c: dict[str, str]) -> None:
    labels = {
        "Title": (c["fg"], c["bg"], "DeskTitle"),
        "Heading": (c["fg"], c["bg"], "DeskHeading"),
        "Muted": (c["muted"], c["bg"], "TkDefaultFont"),
        "Empty": (c["muted"], c["inputbg"], "TkDefaultFont"),
        "Hint": (c["muted"], c["bg"], "DeskSmall"),
        "Error": (c["danger_text"], c["bg"], "DeskSmall"),
        "Good": (c["success_text"], c["bg"], "TkDefaultFont"),
        "Bad": (c["danger_text"], c["bg"], "TkDefaultFont"),
        "Waiting": (c["warning_text"], c["bg"], "TkDefaultFont"),
        "Accent": (c["primary_text"], c["bg"], "DeskHeading"),
        "Pin": (c["primary_text"], c["bg"], "TkDefaultFont"),
        "Chrome": (c["fg"], c["chrome"], "TkDefaultFont"),
        "ChromeHint": (c["muted"], c["chrome"], "DeskSmall"),
        "ChromeTitle": (c["fg"], c["chrome"], "DeskBold"),
        "ChromeBig": (c["fg"], c["chrome"], "DeskTitle"),
        "ChromeHuge": (c["fg"], c["chrome"], "DeskHuge"),
        "ChromeGood": (c["success_text"], c["chrome"], "DeskSmall"),
        "ChromeWaiting": (c["warning_text"], c["chrome"], "DeskSmall"),
        "ChosenHint": (c["fg"], c["chosen"], "DeskSmall"),
        "ChromeBad": (c["danger_text"], c["chrome"], "DeskSmall"),
    }
    for name, (foreground, background, face) in labels.items():
        style.configure(
            f"{name}.TLabel", foreground=foreground, background=background, font=face
        )


def _build_bars(style: ttk.Style, c: dict[str, str]) -> None:
    """Messages of each kind, in a strip of its soft colour."""
    for kind in KINDS:
        text = c["primary_text" if kind == "info" else f"{kind}_text"]
        soft = c[f"{kind}_soft"]
        style.configure(f"{kind}.Bar.TFrame", background=soft)
        style.configure(f"{kind}.Bar.TLabel", background=soft, foreground=c["fg"])
        style.configure(f"{kind}.BarIcon.TLabel", background=soft, foreground=text)
        style.configure(
            f"{kind}.BarBig.TLabel", background=soft, foreground=text, font="DeskTitle"
        )
        style.configure(
            f"{kind}.BarHuge.TLabel", background=soft, foreground=text, font="DeskHuge"
        )


def _show_focus(style: ttk.Style, c: dict[str, str], line: int) -> None:
    """What has the keyboard has an outline of a contrast of 3 at least.

    The library's own is its accent, which hardly shows on a dark ground; its lists
    and tabs have none.
    """
    focus, wrong = c["primary_text"], c["danger_text"]
    for name in (*FIELDS, *(f"primary.{field}" for field in FIELDS)):
        style.configure(name)  # builds it: later, its own outline would come back
        rim = [("invalid", "focus", wrong), ("focus", "!disabled", focus)]
        style.map(name, bordercolor=[("invalid", wrong), *rim])
        style.map(name, lightcolor=rim, darkcolor=rim)
    rim = [("focus", focus)]
    style.map("Treeview", bordercolor=rim, lightcolor=rim, darkcolor=rim)
    style.configure("TNotebook.Tab", focuscolor=focus, focusthickness=line // 9)
    parts = ("border", "focus", "padding", "label")
    layout: list = []
    for part in reversed(parts):
        options = {"sticky": "nswe", "children": layout} if layout else {}
        layout = [(f"Toolbutton.{part}", options or {"sticky": "nswe"})]
    style.layout("Choice.Toolbutton", layout)
    style.configure("Choice.Toolbutton", focuscolor=c["fg"], focusthickness=1)


def _build_surfaces(style: ttk.Style, c: dict[str, str], line: int) -> None:
    style.configure("Chrome.TFrame", background=c["chrome"])
    style.configure("Chosen.TFrame", background=c["chosen"])
    style.configure("Empty.TFrame", background=c["inputbg"])
    style.configure("Line.TFrame", background=c["border"])
    style.configure("Pad.TButton", font="DeskTitle")
    style.configure("Popup.TFrame", background=c["primary"])
    style.configure("Rim.TFrame", background=c["bg"])
    style.configure("RimFocus.TFrame", background=c["primary_text"])
    half, pad = line // 2, round(line * 0.6)
    picked = [("selected", c["chosen"]), ("active", c["active"])]
    for name, above in (("Nav.Toolbutton", half), ("NavTight.Toolbutton", line // 5)):
        _build_toolbutton(
            style,
            name,
            c,
            ground="chrome",
            rim="chrome",
            picked_rim=picked,
            padding=(pad, above),
            borderwidth=1,
            relief="solid",
        )
    _build_toolbutton(
        style,
        "Choice.Toolbutton",
        c,
        ground="bg",
        rim="border",
        picked_rim=[("selected", c["primary_text"])],
        padding=(pad // 2, pad // 2),
        borderwidth=1,
        relief="solid",
    )
    style.map("Choice.Toolbutton", foreground=[("disabled", c["muted"])])


def _build_toolbutton(
    style: ttk.Style,
    name: str,
    c: dict[str, str],
    *,
    ground: str,
    rim: str,
    picked_rim: list[tuple[str, str]],
    **look: object,
) -> None:
    """A button of a row of which one is picked; the focus shows at its rim."""
    style.configure(
        name,
        anchor="w",
        background=c[ground],
        foreground=c["fg"],
        bordercolor=c[rim],
        darkcolor=c[ground],
        lightcolor=c[ground],
        font="TkDefaultFont",
        **look,
    )
    picked = [("selected", c["chosen"]), ("active", c["active"])]
    focused = ("focus", c["primary_text"])
    rimmed = [focused, *picked]  # two pixels: one is overlooked
    style.map(
        name,
        background=picked,
        bordercolor=[focused, *picked_rim],
        darkcolor=rimmed,
        lightcolor=rimmed,
    )
