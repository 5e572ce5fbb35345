"""What stands beside other words in an adviser's message: a decision, or only the wish not to go on."""

import pytest

from inbox.answer import decides_in_part, takes_back


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("Akkoord. Ik ben volgende week met verlof", True),
        ("Ik ben volgende week met verlof. Doe maar nummer 2.", True),
        ("Ik ben volgende week met verlof. Vraag ze of de gemeente meedoet.", True),
        ("Beste mensen,\nIk ben volgende week met verlof.\nAlvast dank.\nGroet,\nPiet", False),
        ("Ik ben volgende week met verlof. Adviseur Noord neemt waar.", False),
    ],
)
def test_a_decision_beside_other_words_is_noticed(text: str, decides: bool) -> None:
    assert decides_in_part(text) is decides


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("laat maar", True),
        ("Nee, laat maar zitten", True),
        ("Toch niet, bedankt", True),
        ("laat maar, te druk", False),
        ("Laat maar aan Zorgbelang over", False),
        ("", False),
    ],
)
def test_not_going_on_with_what_was_begun(text: str, back: bool) -> None:
    assert takes_back(text) is back
