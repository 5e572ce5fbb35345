"""The map of Noord-Brabant as geometry: where each municipality stands, how large, and where its name fits. No HTML.

Positions are those of the town halls (expertise/places.csv); the villages behind them show the shape of the province.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sqrt

from expertise.places import BRABANT, FOCUS_MUNICIPALITIES, REGIONS, Place, shipped_places

WIDTH = 720
MARGIN = 34
MIDDLE_LATITUDE = 51.55  # degrees; on a map this small one scale for the whole province is precise enough
LARGEST = 24.0  # radius of the municipality with most questions
SMALLEST = 5.0
EMPTY = 2.5
LETTER = 0.56  # width of an average letter, in parts of its height
WIDE_TEXT, NARROW_TEXT = 13, 26  # height of a name on a wide and on a narrow screen


@dataclass(frozen=True, slots=True)
class Dot:
    """One municipality; `region` is its place in REGIONS, `focus` tells a focus city."""

    name: str
    region: int
    x: float
    y: float
    radius: float
    count: int
    focus: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map; `anchor` as SVG's text-anchor."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A map of `width` by `height`: `villages` holds a path of dots a region; names for a wide and a narrow screen."""

    width: int
    height: int
    villages: tuple[str, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    narrow_labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def draw_map(counts: Mapping[str, int]) -> MapPicture:
    """Lay out the map for a number of questions a municipality; names that are none of Noord-Brabant are left out.

    The area of a dot goes with the number. The largest dots come first, so that small ones are drawn over them.
    """
    x_of, y_of, height = _frame()
    most = max((counts.get(place.name, 0) for place in _municipalities()), default=0)
    dots = [
        Dot(
            name=place.name,
            region=REGIONS.index(place.region),
            x=round(x_of * ((place.longitude or 0) - _west()) + MARGIN, 1),
            y=round(y_of * (_north() - (place.latitude or 0)) + MARGIN, 1),
            radius=_radius(counts.get(place.name, 0), most),
            count=counts.get(place.name, 0),
            focus=place.name in FOCUS_MUNICIPALITIES,
        )
        for place in _municipalities()
    ]
    dots.sort(key=lambda dot: (-dot.radius, dot.name))
    focus = [dot for dot in dots if dot.focus]
    named = [*focus, *(dot for dot in dots if dot.count and not dot.focus)]
    return MapPicture(
        WIDTH, height, _villages(), tuple(dots), _labels(named, dots, WIDE_TEXT), _labels(focus, focus, NARROW_TEXT)
    )


def _radius(count: int, most: int) -> float:
    if count <= 0:
        return EMPTY
    return round(SMALLEST + (LARGEST - SMALLEST) * sqrt(count / most), 1)


def _labels(named: Sequence[Dot], dots: Iterable[Dot], size: int) -> tuple[Label, ...]:
    """A name beside each dot where there is room: right, left, below or above it; a name without room is left out.

    `dots` are those that a name may not cover: on a narrow screen only the focus cities, so that these get a name.
    """
    taken = [_Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots]
    _, _, height = _frame()
    labels = []
    for dot in named:
        for label, box in _tries(dot, size):
            inside = box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= height
            if inside and not any(box.touches(other) for other in taken):
                labels.append(label)
                taken.append(box)
                break
    return tuple(labels)


def _tries(dot: Dot, size: int) -> list[tuple[Label, _Box]]:
    wide, away = len(dot.name) * size * LETTER, dot.radius + 4
    places = (
        ("start", dot.x + away, dot.y + size * 0.35),
        ("end", dot.x - away, dot.y + size * 0.35),
        ("middle", dot.x, dot.y + away + size * 0.8),
        ("middle", dot.x, dot.y - away - size * 0.1),
    )
    before = {"start": 0.0, "end": wide, "middle": wide / 2}
    return [
        (
            Label(dot.name, round(x, 1), round(y, 1), anchor),
            _Box(x - before[anchor], y - size * 0.8, x - before[anchor] + wide, y + size * 0.2),
        )
        for anchor, x, y in places
    ]


@cache
def _in_brabant() -> tuple[Place, ...]:
    return tuple(each for each in shipped_places() if each.province == BRABANT and each.latitude and each.longitude)


@cache
def _municipalities() -> tuple[Place, ...]:
    return tuple(each for each in _in_brabant() if each.kind == "municipality")


@cache
def _west() -> float:
    return min(each.longitude or 0 for each in _in_brabant())


@cache
def _north() -> float:
    return max(each.latitude or 0 for each in _in_brabant())


@cache
def _frame() -> tuple[float, float, int]:
    """Pixels a degree of longitude and of latitude, and the height of the map."""
    east, south = max(each.longitude or 0 for each in _in_brabant()), min(each.latitude or 0 for each in _in_brabant())
    across = (WIDTH - 2 * MARGIN) / (east - _west())
    down = across / cos(radians(MIDDLE_LATITUDE))
    return across, down, round(down * (_north() - south)) + 2 * MARGIN


@cache
def _villages() -> tuple[str, ...]:
    """A path of points for each region of REGIONS; a stroke with round ends makes each a dot."""
    across, down, _ = _frame()
    points: dict[str, dict[str, None]] = {region: {} for region in REGIONS}
    for place in _in_brabant():
        x = across * ((place.longitude or 0) - _west()) + MARGIN
        y = down * (_north() - (place.latitude or 0)) + MARGIN
        points[place.region][f"M{x:.0f} {y:.0f}h0"] = None
    return tuple("".join(points[region]) for region in REGIONS)
