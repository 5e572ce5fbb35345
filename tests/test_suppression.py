"""What others may see of small numbers: never the number, nor enough beside it to reckon it back."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report.cells import Hidden
from bot.report.suppression import LEAST_CHOICE, SMALLEST_SHOWN, hide, hide_parts

SMALL, BESIDE = Hidden("small"), Hidden("beside")


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, SMALL), (4, SMALL), (5, 5), (100, 100)])
def test_a_count_that_stands_alone(count: int, shown: int | Hidden) -> None:
    assert hide(count) == shown


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((), ()),
        ((0, 0), (0, 0)),
        ((7, 5, 0), (7, 5, 0)),
        ((20, 9, 8, 2), (20, 9, BESIDE, SMALL)),  # 10 together: the small one may be 1, 2, 3 or 4
        ((9, 5, 1), (BESIDE, BESIDE, SMALL)),  # 6 together with 5 alone would leave only 1
        ((9, 1), (BESIDE, SMALL)),
        ((3, 0), None),  # the total is hidden itself
        ((1, 1, 1, 1, 1), None),  # a total of five parts that all are one
        ((5, 1), None),  # nothing else to hide it behind
        ((3, 3, 4), (SMALL, SMALL, SMALL)),
    ],
)
def test_parts_of_a_total(parts: tuple[int, ...], shown: object) -> None:
    assert hide_parts(parts, sum(parts)) == shown


def test_parts_must_add_up() -> None:
    with pytest.raises(ValueError, match="add up"):
        hide_parts((1, 2), 4)


def _possible(shown: Sequence[int | Hidden], total: int) -> Iterator[tuple[int, ...]]:
    """Every way in which a reader who knows the rule can fill in what is hidden."""
    left = total - sum(each for each in shown if isinstance(each, int))
    largest = min((each for each in shown if isinstance(each, int) and each), default=total)

    def fill(place: int, rest: int) -> Iterator[tuple[int, ...]]:
        if place == len(shown):
            if rest == 0:
                yield ()
            return
        each = shown[place]
        if isinstance(each, int):
            choices: Sequence[int] = (each,)
        elif each.why == "small":
            choices = range(1, min(SMALLEST_SHOWN - 1, rest) + 1)
        else:
            choices = range(SMALLEST_SHOWN, min(largest, rest) + 1)
        for choice in choices:
            yield from (
                (choice, *others) for others in fill(place + 1, rest - (0 if isinstance(each, int) else choice))
            )

    yield from fill(0, left)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 4), st.integers(0, 14)), max_size=6))
def test_nobody_can_reckon_a_small_number_back(parts: list[int]) -> None:
    total = sum(parts)
    shown = hide_parts(parts, total)
    if shown is None:
        return
    for part, each in zip(parts, shown, strict=True):
        assert each == part if isinstance(each, int) else part > 0
        assert (each == SMALL) == (0 < part < SMALLEST_SHOWN)
    ways = list(_possible(shown, total))
    assert tuple(parts) in ways
    for place, each in enumerate(shown):
        if each == SMALL:
            assert len({way[place] for way in ways}) >= LEAST_CHOICE


@given(st.lists(st.integers(5, 50), max_size=8))
def test_without_small_numbers_nothing_is_hidden(parts: list[int]) -> None:
    assert hide_parts(parts, sum(parts)) == tuple(parts)
