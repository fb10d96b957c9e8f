"""Fonts, colours and sizes of the whole window, light and dark.

Every colour pair that carries text is listed in `text_pairs()`, and a test holds
each of them to a contrast of 4.5 (WCAG AA).
"""

import tkinter
from pathlib import Path
from tkinter import font

import ttkbootstrap as ttk
from ttkbootstrap.style.theme import Colors, ThemeDefinition

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
BASE_POINTS = 10
ZOOMS = (90, 100, 110, 125, 150)
ROW_HEIGHT = 1.6  # of the line space: at 1.0 Chinese text is cramped

PALETTES = {
    "light": {
        "primary": "#1f5fae",
        "secondary": "#515b68",
        "success": "#1a7445",
        "info": "#0f6781",
        "warning": "#8a5700",
        "danger": "#b3303a",
        "light": "#e9edf2",
        "dark": "#2b3440",
        "bg": "#ffffff",
        "fg": "#1d2530",
        "selectbg": "#515b68",
        "selectfg": "#ffffff",
        "border": "#c5ccd6",
        "inputfg": "#1d2530",
        "inputbg": "#ffffff",
        "active": "#eef2f7",
        # Our own, not known to ttkbootstrap.
        "chrome": "#f1f4f8",
        "chosen": "#dbe7f6",
        "muted": "#596473",
        "primary_text": "#1f5fae",
        "success_text": "#1a7445",
        "warning_text": "#8a5700",
        "danger_text": "#b3303a",
        "success_soft": "#e3f4ea",
        "warning_soft": "#fdf1da",
        "danger_soft": "#fce8e9",
        "info_soft": "#e6f0fb",
        "stripe": "#f7f9fb",
    },
    "dark": {
        "primary": "#2f6db8",
        "secondary": "#5b6675",
        "success": "#2a7a50",
        "info": "#23728a",
        "warning": "#93631a",
        "danger": "#bb424b",
        "light": "#39424e",
        "dark": "#12161b",
        "bg": "#1d232b",
        "fg": "#e6ebf1",
        "selectbg": "#5b6675",
        "selectfg": "#ffffff",
        "border": "#465160",
        "inputfg": "#e6ebf1",
        "inputbg": "#232a34",
        "active": "#2b343f",
        "chrome": "#171c23",
        "chosen": "#26405f",
        "muted": "#a3afbd",
        "primary_text": "#82b4f0",
        "success_text": "#6fcf97",
        "warning_text": "#e8b75c",
        "danger_text": "#f28b92",
        "success_soft": "#1e3a2c",
        "warning_soft": "#3d3119",
        "danger_soft": "#44262a",
        "info_soft": "#20344b",
        "stripe": "#212831",
    },
}
KINDS = ("info", "success", "warning", "danger")
_TEXT_ON = {
    "bg": (
        "fg",
        "muted",
        "primary_text",
        "success_text",
        "warning_text",
        "danger_text",
    ),
    "stripe": ("fg", "muted", "danger_text"),
    "chrome": ("fg", "muted", "success_text", "warning_text", "danger_text"),
    "chosen": ("fg",),
    "inputbg": ("inputfg", "muted"),
    "info_soft": ("fg", "primary_text"),
    "success_soft": ("fg", "success_text"),
    "warning_soft": ("fg", "warning_text"),
    "danger_soft": ("fg", "danger_text"),
}
_mode = "light"


def text_pairs(mode: str) -> list[tuple[str, str, str]]:
    """Every (name, text colour, surface colour) in use in *mode*."""
    colours = PALETTES[mode]
    pairs = [
        (f"{text} on {surface}", colours[text], colours[surface])
        for surface, texts in _TEXT_ON.items()
        for text in texts
    ]
    for accent in ("primary", "secondary", "success", "info", "warning", "danger"):
        pairs.append((f"white on {accent}", "#ffffff", colours[accent]))
    return pairs


def colour(name: str) -> str:
    """One colour of the mode in use, as #rrggbb."""
    return PALETTES[_mode][name]


def mode() -> str:
    """Which palette is in use: "light" or "dark"."""
    return _mode


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours, 1 to 21."""

    def luminance(value: str) -> float:
        channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [
            c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
            for c in channels
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def create_root(title: str) -> ttk.App:
    """The one root of this process, withdrawn, with fonts and both palettes set."""
    ttk.set_locale("zh_cn")
    root = ttk.App(title=title, className="Desk", iconphoto=str(ICON))
    root.withdraw()
    set_fonts(root)
    for name, palette in PALETTES.items():
        root.style.register_theme(
            ThemeDefinition(f"campus-{name}", _library_colours(palette), mode=name)
        )
    root.style.set_theme_modes("campus-light", "campus-dark")
    ttk.on_theme_change(_build_styles)
    set_mode(root, "light")
    return root


def _library_colours(palette: dict[str, str]) -> Colors:
    return Colors(**{name: palette[name] for name in list(palette)[:16]})


def set_mode(root: ttk.App, name: str) -> None:
    """Use the light or the dark palette from now on."""
    global _mode
    _mode = name if name in PALETTES else "light"
    root.style.theme_use(f"campus-{_mode}")
    _build_styles(root.style)  # the first call comes before any theme change
    root.event_generate("<<PaletteChanged>>")


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
        "DeskBold": (1.0, "bold"),
    }
    body = font.nametofont("TkDefaultFont", root=root).actual("family")
    for name, (factor, weight) in sizes.items():
        options = {"family": body, "size": round(base * factor), "weight": weight}
        if name in font.names(root):
            font.nametofont(name, root=root).configure(**options)
        else:
            _kept.append(font.Font(root=root, name=name, **options))


_kept: list[font.Font] = []  # a Font that is collected takes its named font along


def line_height(widget: tkinter.Misc, name: str = "TkDefaultFont") -> int:
    """Pixels from one line of text to the next in the named font."""
    return font.nametofont(name, root=widget).metrics("linespace")


def text_width(widget: tkinter.Misc, characters: float) -> int:
    """Pixels that *characters* Chinese characters take in the body font."""
    return round(
        font.nametofont("TkDefaultFont", root=widget).measure("国") * characters
    )


def _build_styles(style: ttk.Style) -> None:
    """Our own styles.  Runs again after every change of theme."""
    if style.theme is None or not style.theme.name.startswith("campus-"):
        return
    root = style.master
    c = PALETTES[style.theme.name.removeprefix("campus-")]
    line = line_height(root)
    style.configure("Treeview", rowheight=round(line * ROW_HEIGHT))
    style.map(
        "Treeview",
        background=[("selected", c["chosen"])],
        foreground=[("selected", c["fg"])],
    )
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
        "Chrome": (c["fg"], c["chrome"], "TkDefaultFont"),
        "ChromeHint": (c["muted"], c["chrome"], "DeskSmall"),
        "ChromeTitle": (c["fg"], c["chrome"], "DeskBold"),
        "ChromeGood": (c["success_text"], c["chrome"], "DeskSmall"),
        "ChromeWaiting": (c["warning_text"], c["chrome"], "DeskSmall"),
        "ChosenHint": (c["fg"], c["chosen"], "DeskSmall"),
        "ChromeBad": (c["danger_text"], c["chrome"], "DeskSmall"),
    }
    for name, (foreground, background, face) in labels.items():
        style.configure(
            f"{name}.TLabel", foreground=foreground, background=background, font=face
        )
    for kind in KINDS:
        text = c["primary_text" if kind == "info" else f"{kind}_text"]
        soft = c[f"{kind}_soft"]
        style.configure(f"{kind}.Bar.TFrame", background=soft)
        style.configure(f"{kind}.Bar.TLabel", background=soft, foreground=c["fg"])
        style.configure(f"{kind}.BarIcon.TLabel", background=soft, foreground=text)
        style.configure(
            f"{kind}.BarBig.TLabel", background=soft, foreground=text, font="DeskTitle"
        )
    _build_surfaces(style, c, line)


def _build_surfaces(style: ttk.Style, c: dict[str, str], line: int) -> None:
    style.configure("Chrome.TFrame", background=c["chrome"])
    style.configure("Chosen.TFrame", background=c["chosen"])
    style.configure("Empty.TFrame", background=c["inputbg"])
    style.configure("Line.TFrame", background=c["border"])
    style.configure("Popup.TFrame", background=c["primary"])
    half, pad = line // 2, round(line * 0.6)
    style.configure(
        "Nav.Toolbutton",
        anchor="w",
        padding=(pad, half),
        background=c["chrome"],
        foreground=c["fg"],
        bordercolor=c["chrome"],
        darkcolor=c["chrome"],
        lightcolor=c["chrome"],
        borderwidth=0,
        relief="flat",
        font="TkDefaultFont",
    )
    chosen = [("selected", c["chosen"]), ("active", c["active"])]
    style.map(
        "Nav.Toolbutton",
        background=chosen,
        bordercolor=[("focus", c["primary_text"]), *chosen],
        darkcolor=chosen,
        lightcolor=chosen,
    )
    style.configure(
        "Choice.Toolbutton",
        anchor="w",
        padding=(pad // 2, pad // 2),
        background=c["bg"],
        foreground=c["fg"],
        bordercolor=c["border"],
        darkcolor=c["bg"],
        lightcolor=c["bg"],
        borderwidth=1,
        relief="solid",
        font="TkDefaultFont",
    )
    marked = [("selected", c["chosen"]), ("active", c["active"])]
    style.map(
        "Choice.Toolbutton",
        background=marked,
        darkcolor=marked,
        lightcolor=marked,
        bordercolor=[
            ("focus", c["primary_text"]),
            ("selected", c["primary_text"]),
        ],
        foreground=[("disabled", c["muted"])],
    )
