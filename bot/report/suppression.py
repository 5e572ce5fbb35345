"""Which numbers others may see: small ones are hidden, and as many beside them as it takes. It words and draws nothing.

A total that is shown beside its parts gives the parts away: with one part hidden it is the total less the others. So
further parts are hidden until a reader who knows the total, the limit and this rule still has several values to choose
from for every small one. Where that can't be, the parts are not shown at all.
"""

from collections.abc import Sequence
from math import inf

from bot.report.cells import Hidden

SMALLEST_SHOWN = 5
LEAST_CHOICE = 3  # values that a hidden small number can have for whoever reckons back
SMALL, BESIDE = Hidden("small"), Hidden("beside")


def hide(count: int) -> int | Hidden:
    """A count that stands alone; nobody at all (0) is no secret."""
    return SMALL if 0 < count < SMALLEST_SHOWN else count


def hide_parts(parts: Sequence[int], total: int) -> tuple[int | Hidden, ...] | None:
    """The parts of a total that is shown by `hide`; None when they can't be. Raises ValueError for a wrong total."""
    if sum(parts) != total:
        raise ValueError("the parts do not add up to the total")
    small = [place for place, part in enumerate(parts) if isinstance(hide(part), Hidden)]
    if not small:
        return tuple(parts)
    if total < SMALLEST_SHOWN:
        return None
    large = sorted((place for place, part in enumerate(parts) if part >= SMALLEST_SHOWN), key=lambda at: parts[at])
    for beside in range(len(large) + 1):
        smallest_left = parts[large[beside]] if beside < len(large) else inf
        hidden = sum(parts[place] for place in (*small, *large[:beside]))
        if _choice(hidden, len(small), beside, smallest_left) >= LEAST_CHOICE:
            return tuple(
                SMALL if place in small else BESIDE if place in large[:beside] else part
                for place, part in enumerate(parts)
            )
    return None


def _choice(hidden: int, small: int, beside: int, smallest_left: float) -> int:
    """How many values one small part can have, when `hidden` is the sum of all hidden parts.

    A reader knows that the other small parts are 1 to 4, and that the parts beside them are at least 5 and no larger
    than the smallest one that is still shown.
    """
    most_small = SMALLEST_SHOWN - 1
    largest = min(most_small, hidden - (small - 1) - SMALLEST_SHOWN * beside)
    others = most_small * (small - 1) + (smallest_left * beside if beside else 0)
    least = max(1, hidden - others)
    return int(max(largest - least + 1, 0))
