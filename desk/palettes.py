"""The colours of the window, light and dark.

Every pair of colours that carries text is listed in `text_pairs()`, and a test holds
each of them to a contrast of 4.5 (WCAG AA).
"""

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
        "disabled": "#798390",
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
        "primary": "#2b66ae",
        "secondary": "#5b6675",
        "success": "#2a7a50",
        "info": "#23728a",
        "warning": "#93631a",
        "danger": "#b23c45",
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
        "disabled": "#808c9b",
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
    "active": ("fg",),
    "inputbg": ("inputfg", "muted"),
    "info_soft": ("fg", "primary_text"),
    "success_soft": ("fg", "success_text"),
    "warning_soft": ("fg", "warning_text"),
    "danger_soft": ("fg", "danger_text"),
}


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
