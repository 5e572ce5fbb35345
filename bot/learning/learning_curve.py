"""How the needs found grow with the number of labelled messages, on the development file, and the plot of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from bot.learning.cases import DEVELOPMENT, Case, read_cases
from bot.learning.evaluation import quality
from bot.learning.labels import Places
from bot.learning.rebuilding import Study, read_vectors
from bot.learning.training import learn
from inbox.understanding import understand_with_vectors
from inbox.vectors import Embed

Progress = Callable[[str], None]

SHARES = (0.1, 0.3)  # of the messages; all of them is what ships
SEED = 7
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 360, 60, 50, 20, 150
LOWEST, HIGHEST = 0.2, 0.9
FONT = 'font-family="sans-serif" font-size="13"'
COLOURS = ("#1b6e3c", "#8a5a00")


@dataclass(frozen=True, slots=True)
class Point:
    """The micro-F1 of the needs after learning from so many messages."""

    messages: int
    f1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One way of learning, from few messages to all."""

    name: str
    points: tuple[Point, ...]


def learning_curve(study: Study, progress: Progress) -> tuple[Line, ...]:
    """Learn from parts of the messages, with the model adapted and as it is. Takes long: each part tunes the model."""
    unseen = [case for case in read_cases(study.folder) if case.writer == DEVELOPMENT]
    order = np.random.default_rng(SEED).permutation(len(study.cases))
    parts = [np.sort(order[: max(20, int(share * len(order)))]) for share in SHARES]
    everyone = np.arange(len(study.cases))
    lines = []
    tuner = study.tuner
    if tuner is not None:
        adapted = [(part, tuner.reader(tuner.tune(part, f"{len(part)} berichten"))) for part in parts]
        lines.append(_line("taalmodel leert mee", [*adapted, (everyone, study.encoder.read)], study, unseen, progress))
    plain = tuner.reader(b"") if tuner else study.encoder.read
    lines.append(
        _line("taalmodel zoals het is", [(part, plain) for part in (*parts, everyone)], study, unseen, progress)
    )
    return tuple(lines)


def _line(
    name: str, ways: Sequence[tuple[Places, Embed]], study: Study, unseen: Sequence[Case], progress: Progress
) -> Line:
    points = []
    for chosen, embed in ways:
        progress(f"{name}: {len(chosen)} berichten")
        vectors = read_vectors(study.cases, embed)
        learned = learn(chosen, study.material(vectors, embed), study.held_out, study.topics, embed)
        readings = understand_with_vectors([case.message for case in unseen], study.topics, embed, learned)
        points.append(Point(len(chosen), quality(unseen, readings, study.topics).needs_micro.f1))
    return Line(name, tuple(points))


def as_svg(lines: Sequence[Line]) -> str:
    """Draw the lines as an SVG picture with a description for who can't see it."""
    most = max(point.messages for line in lines for point in line.points)
    told = "; ".join(f"{line.name}: " + ", ".join(f"{p.messages} {p.f1:.2f}" for p in line.points) for line in lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT}>',
        f"<title>Micro-F1 van de behoeften naar aantal berichten</title><desc>{escape(told)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *(_ruled(step / 10) for step in range(round(LOWEST * 10), round(HIGHEST * 10) + 1)),
        *(_counted(point.messages, most) for point in lines[0].points),
        f'<text x="{LEFT}" y="{HEIGHT - 8}">gelabelde berichten waarvan is geleerd</text>',
    ]
    for line, colour in zip(lines, COLOURS, strict=False):
        parts.append(_drawn(line, colour, most))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _across(messages: float, most: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * messages / most, 1)


def _down(f1: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (HIGHEST - f1) / (HIGHEST - LOWEST), 1)


def _ruled(f1: float) -> str:
    height = _down(f1)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}" stroke="#cccccc"/>'
        f'<text x="{LEFT - 8}" y="{height + 4}" text-anchor="end">{f1:.1f}</text>'
    )


def _counted(messages: int, most: int) -> str:
    return f'<text x="{_across(messages, most)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{messages}</text>'


def _drawn(line: Line, colour: str, most: int) -> str:
    places = [(_across(point.messages, most), _down(point.f1)) for point in line.points]
    path = " ".join(f"{across},{down}" for across, down in places)
    dots = "".join(f'<circle cx="{across}" cy="{down}" r="4" fill="{colour}"/>' for across, down in places)
    across, down = places[-1]
    name = f'<text x="{across + 8}" y="{down + 4}" fill="{colour}">{escape(line.name)}</text>'
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}{name}'
