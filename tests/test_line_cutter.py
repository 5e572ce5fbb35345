"""The cutter of lines finds its mark however the line hands it over, and never one that went by before it was asked."""

import pytest

from tests.line_cutter import _found

MARK = b"precies hier"


@pytest.mark.parametrize(
    ("passed", "part", "expected"),
    [
        (b"", b"een precies hier twee", 4),
        (b"een precies ", b"hier twee", 0),
        (b"een precies hie", b"r twee", 0),
        (b"precies precies", b" hier twee", 0),
        (b"een precies hier", b" twee", None),
        (b"een precies hier", b" drie precies hier", 6),
        (b"een precies", b" daar", None),
        (b"", b"", None),
    ],
)
def test_a_mark_in_one_piece_or_in_two(passed: bytes, part: bytes, expected: int | None) -> None:
    assert _found(MARK, passed, part) == expected


def test_wherever_the_line_falls_apart() -> None:
    text = b"voor " + MARK + b" na"
    for cut in range(len(text)):
        found = _found(MARK, b"", text[:cut]), _found(MARK, text[:cut], text[cut:])
        assert sum(place is not None for place in found) == 1, cut
