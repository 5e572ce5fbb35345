"""A letter's page in the few tags that Telegram knows, cut into messages without losing a word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_form import LONGEST_MESSAGE, MOST_IN_ROW, WIDEST_ROW, Button, keyboard_of, messages_of


def test_paragraphs_lists_and_links_as_telegram_shows_them() -> None:
    (one,) = messages_of(
        "<html><head><title>Onderwerp</title></head><body><p>Hallo <strong>jij</strong> &amp; wij,<br>\ngroet</p>"
        "<ul><li>een</li>\n<li>twee</li></ul><ol><li value='2'>nummer</li></ol><hr>"
        "<p><a href='https://example.org/x?a=1&amp;b=2'>Kies</a> <a href='mailto:a@example.org'>a@example.org</a>"
        " <bdi>ليلى</bdi></p></body></html>"
    )
    assert one.html == (
        "Hallo <b>jij</b> &amp; wij,\ngroet\n\n• een\n• twee\n\n2. nummer\n\n* * *\n\n"
        '<a href="https://example.org/x?a=1&amp;b=2">Kies</a> a@example.org \u2068ليلى\u2069'
    )
    assert one.text.endswith("Kies: https://example.org/x?a=1&b=2 a@example.org \u2068ليلى\u2069")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab &<🌻\n"), max_size=6000), max_size=4))
def test_no_piece_is_too_long_and_no_word_is_lost(paragraphs: list[str]) -> None:
    page = "".join(f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>" for text in paragraphs)
    pieces = messages_of(f"<body>{page}</body>")
    assert all(0 < piece.length <= LONGEST_MESSAGE for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join("".join(paragraphs).split())


def rows(*labels: str) -> list[list[str]]:
    keyboard = keyboard_of([Button(label, label) for label in labels])
    return [] if keyboard is None else [[button.text for button in row] for row in keyboard.inline_keyboard]


def test_short_buttons_stand_beside_each_other() -> None:
    assert rows() == []
    assert rows("Ja", "Nee") == [["Ja", "Nee"]]
    assert rows("Ja", "Nee", "Weet ik niet", "Anders") == [["Ja", "Nee", "Weet ik niet"], ["Anders"]]
    assert rows("Ja, dit klopt helemaal", "Nee, iets is anders") == [
        ["Ja, dit klopt helemaal"],
        ["Nee, iets is anders"],
    ]


@given(st.lists(st.text(min_size=1, max_size=40), max_size=12))
def test_every_button_is_there_once_in_its_order(labels: list[str]) -> None:
    shown = rows(*labels)
    assert [label for row in shown for label in row] == labels
    assert all(len(row) == 1 or sum(map(len, row)) <= WIDEST_ROW for row in shown)
    assert all(1 <= len(row) <= MOST_IN_ROW for row in shown)
