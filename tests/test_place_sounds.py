"""Dutch place names written by ear in Cyrillic or Arabic letters."""

import pytest

from inbox.folding import fold
from inbox.place_sounds import name_by_sound


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Равенстейн", "ravenstein"),
        ("Дрюнені", "drunen"),
        ("Фельдховені", "veldhoven"),
        ("Ваґенінген", "wageningen"),
        ("ريسبرخن", "rysbergen"),
        ("نستلرود", "nistelrode"),
        ("Харкові", None),
        ("Голландії", None),
        ("Марина", None),
        ("هولندا", None),
        ("المدرسة", None),
        ("Tilburg", None),
        ("", None),
    ],
)
def test_a_name_is_known_by_its_sound(word: str, name: str | None) -> None:
    heard = name_by_sound(fold(word))
    assert (heard and heard.replace("ij", "y")) == name
