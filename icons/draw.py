"""Draw the icon at every size: `python icons/draw.py` writes the PNGs and desk.ico.

The same shapes, on the same sheet of 256 × 256, stand in desk.svg: a
service window with a person on duty, its counter, and the red print of a seal.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent
SIZES = (16, 24, 32, 48, 64, 128, 256)
FINER = 8  # drawn this many times larger and reduced: smooth edges
SHEET = 256 * FINER
SKY, NIGHT = (0x2F, 0x61, 0x96), (0x18, 0x3A, 0x60)
PAPER, COAT, WOOD, CINNABAR = "#fbf7ee", "#234c79", "#e9cf9f", "#c5301f"

Box = tuple[int, int, int, int]


def rounded(draw: ImageDraw.ImageDraw, box: Box, radius: int, fill: str | int) -> None:
    left, top, right, bottom = (number * FINER for number in box)
    draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius * FINER, fill)


def arched(draw: ImageDraw.ImageDraw, box: Box, radius: int, fill: str) -> None:
    """A box with a round top and a straight foot."""
    left, top, right, bottom = box
    for start in (left, right - 2 * radius):
        circle = (start, top, start + 2 * radius, top + 2 * radius)
        draw.pieslice([number * FINER for number in circle], 180, 360, fill)
    rounded(draw, (left + radius, top, right - radius, top + radius), 0, fill)
    rounded(draw, (left, top + radius, right, bottom), 0, fill)


def tile() -> Image.Image:
    """The blue square behind everything, lighter at its top."""
    column = Image.new("RGBA", (1, 256))
    for y in range(256):
        part = max(0.0, min(1.0, (y - 8) / 240))
        pairs = zip(SKY, NIGHT, strict=True)
        red, green, blue = (round(a + (b - a) * part) for a, b in pairs)
        column.putpixel((0, y), (red, green, blue, 255))
    shape = Image.new("L", (SHEET, SHEET))
    rounded(ImageDraw.Draw(shape), (8, 8, 248, 248), 54, 255)
    sheet = Image.new("RGBA", (SHEET, SHEET))
    sheet.paste(column.resize((SHEET, SHEET)), mask=shape)
    return sheet


def picture(size: int) -> Image.Image:
    sheet = tile()
    draw = ImageDraw.Draw(sheet)
    arched(draw, (52, 40, 204, 176), 64, PAPER)
    head = [number * FINER for number in (103, 73, 153, 123)]
    draw.ellipse(head, COAT)
    arched(draw, (82, 130, 174, 176), 42, COAT)
    rounded(draw, (30, 172, 226, 196), 10, WOOD)
    rounded(draw, (140, 140, 226, 226), 18, PAPER)
    rounded(draw, (147, 147, 219, 219), 12, CINNABAR)
    if size >= 48:  # smaller, the lines would only blur the red
        rounded(draw, (157, 157, 209, 209), 4, PAPER)
        for left, top in ((164, 164), (187, 164), (164, 187), (187, 187)):
            rounded(draw, (left, top, left + 15, top + 15), 0, CINNABAR)
    return sheet.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    pictures = {size: picture(size) for size in SIZES}
    for size, image in pictures.items():
        image.save(FOLDER / f"desk-{size}.png", optimize=True)
    largest, *others = reversed(pictures.values())
    largest.save(
        FOLDER / "desk.ico",
        sizes=[(size, size) for size in SIZES],
        append_images=others,
    )


if __name__ == "__main__":
    main()
