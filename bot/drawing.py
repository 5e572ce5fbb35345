"""A picture of boxes and words, as SVG for a page and as PNG for a mail, so that both show the same. It counts nothing.

Mail programs show no SVG. Pillow draws the PNG with the typeface that it brings along: no font of the machine is
looked for, so the same picture gives the same bytes.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markupsafe import escape
from PIL import Image, ImageDraw, ImageFont

SHARPER = 2  # pixels of the PNG for one of the picture: telephones show two
INK, PAPER = "#1a1a1a", "#ffffff"
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words; `x` is where it starts, its middle or where it ends, `y` where it stands on."""

    x: float
    y: float
    text: str
    size: int
    at: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """A white sheet, `width` by `height`, with what is drawn on it; `alt` says in words what it shows."""

    width: int
    height: int
    alt: str
    shapes: tuple[Box | Words, ...]


def as_svg(picture: Picture) -> str:
    """The picture as an SVG element for in a page: no style, no script, no identifier."""
    inside = "".join(_svg(shape) for shape in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(picture.alt)}" width="100%"'
        f' viewBox="0 0 {picture.width} {picture.height}" font-family="Arial, Helvetica, sans-serif">{inside}</svg>'
    )


def as_png(picture: Picture) -> bytes:
    """The picture as the bytes of a PNG, twice as large as it is shown."""
    image = Image.new("RGB", (picture.width * SHARPER, picture.height * SHARPER), PAPER)
    pen = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Box):
            _draw_box(pen, shape)
        else:
            place = (shape.x * SHARPER, shape.y * SHARPER)
            pen.text(place, shape.text, fill=INK, font=_font(shape.size), anchor=_ANCHORS[shape.at])
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def width_of(text: str, size: int) -> float:
    """How wide a line of words is on a picture."""
    return float(_font(size).getlength(text)) / SHARPER


def _svg(shape: Box | Words) -> str:
    if isinstance(shape, Box):
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
            f' fill="{shape.colour}"/>'
        )
    return (
        f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size}" text-anchor="{shape.at}" fill="{INK}">'
        f"{escape(shape.text)}</text>"
    )


def _draw_box(pen: ImageDraw.ImageDraw, box: Box) -> None:
    left, top = round(box.x * SHARPER), round(box.y * SHARPER)
    right, bottom = round((box.x + box.width) * SHARPER) - 1, round((box.y + box.height) * SHARPER) - 1
    if right >= left and bottom >= top:
        pen.rectangle((left, top, right, bottom), fill=box.colour)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SHARPER)
