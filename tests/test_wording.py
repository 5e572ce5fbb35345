"""Which words a text uses, as places in a table."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inbox.wording import LENGTH, LONGEST, PLACES, wording


def places(text: str, subject: str = "") -> set[int]:
    return set(wording(subject, text).places.tolist())


def test_the_same_words_stand_at_the_same_places_however_they_are_spelled() -> None:
    assert places("Wij stóppen ermee") == places("wij stoppen ERMEE")


def test_words_of_one_root_share_places_and_others_do_not() -> None:
    stop, stopped, garden = places("stoppen"), places("gestopt"), places("moestuin")
    assert len(stop & stopped) >= 3  # sto, top, stop
    assert not stop & garden


def test_order_counts_a_little() -> None:
    one, other = places("wel niet meer"), places("niet wel meer")
    assert one != other
    assert len(one & other) > len(one ^ other)


def test_the_subject_counts_along() -> None:
    assert places("Groet", subject="Intrekking") > places("Intrekking")


def test_what_stands_after_the_first_pages_does_not_count() -> None:
    assert places("a " * LONGEST + "intrekken") == places("a " * LONGEST)


@given(st.text(max_size=200), st.text(max_size=20))
def test_every_text_fits_the_table_and_weighs_the_same(text: str, subject: str) -> None:
    worded = wording(subject, text)
    assert len(worded.places) == len(worded.weights)
    assert list(worded.places) == sorted({*worded.places.tolist()})
    assert all(0 <= place < PLACES for place in worded.places)
    assert not len(worded.places) or np.isclose(np.linalg.norm(worded.weights), LENGTH, rtol=1e-3)
