"""Nobody reaches our readers with a link through us: what others wrote can be read, and clicked on nowhere."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.channels.telegram_form import messages_of
from bot.foreign import clean
from bot.story import Story
from tests.at_the_desk import sign_in
from tests.mails import COMPLETE, mail
from tests.web_visits import link_in

LURES = (
    "https://kwaad.example.net/a", "HTTP://kwaad.example.net", "//kwaad.example.net", "www.kwaad.example.net",
    "kwaad.zip", "kwaad.VIP/prijs", "kwaad。com", "пример.рф", "xn--e1afmkfd.xn--p1ai", "kwaad.museum:8080",
    "javascript:alert(1)", "data:text/html,x", "tg://resolve?domain=kwaad", "ftp://kwaad.example.net",
    "file:///etc/passwd", "mailto:kwaad@kwaad.zip", "[klik](https://kwaad.example.net)", "/vergeet",
    '<a href="https://kwaad.example.net">klik</a>',
)  # fmt: skip
CLICKABLE = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|data|mailto|tg):\S|\w[.。](?:zip|vip|com|net|museum|рф|xn--p1ai)\b"
    r"|(?:^|\s)/[a-z]",
    re.IGNORECASE,
)
OURS = re.compile(r"https?://127\.0\.0\.1:8080/\S*|\S+@example\.org")


def clickable(text: str) -> list[str]:
    """What a mail program or a chat would turn into a link, but for links and addresses of our own."""
    return CLICKABLE.findall(OURS.sub(" ", text))


@pytest.mark.parametrize("lure", LURES)
def test_a_link_can_be_read_and_not_be_clicked_on(lure: str) -> None:
    assert clickable(f"Kijk op {lure} voor de prijs"), "what this test is about"
    assert clickable(clean(f"Kijk op {lure} voor de prijs")) == []


@pytest.mark.parametrize(
    "words",
    ["o.a. en d.w.z. b.v.", "Wij helpen.Wij zoeken", "om 10.30 uur, € 12.500,00", "en/of", "1/2", "begroting.xlsx",
     "km/h", "dhr. en mevr."],
)  # fmt: skip
def test_ordinary_words_stay_as_they_are(words: str) -> None:
    assert clean(words) == words


@given(st.lists(st.sampled_from([*LURES, ".", "/", ":", "a", " ", "\u200b", "\u202e", "\n"]), max_size=6).map("".join))
def test_no_way_of_joining_them_makes_a_link(text: str) -> None:
    assert clickable(clean(text, 2000)) == []


@pytest.mark.parametrize("lure", LURES[:6])
def test_neither_an_adviser_nor_a_coordinator_gets_a_link_of_an_initiator(
    story: Story, browser: TestClient, lure: str
) -> None:
    name, sentence = "initiatief heet de Dorpswinkel", f"Hoe krijgen wij met {lure} een verdienmodel dat sluit?"
    text = f"{COMPLETE}\n\nOns {name} {lure}. {sentence}\n"
    sent = story.mail_arrives(mail(text, now=story.now, subject=f"Vraag {lure}"))
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    for letter in sent:
        assert clickable(letter.text) == [], letter.subject
        assert not re.findall(r'<a href="(?!http://127\.0\.0\.1:8080/|mailto:[\w.+-]+@example\.org")', letter.html)
        assert [part for part in messages_of(letter.html) if clickable(part.text)] == []
    page = browser.get(link_in(proposal)).text
    assert not re.findall(r'href="(?:https?:)?//', page)
    sign_in(story, browser)
    for path in ("/bureau", "/bureau/dossiers", "/bureau/dossiers/SV-2026-0001"):
        shown = browser.get(path).text
        assert not re.findall(r'href="(?!/|#|mailto:[\w.+-]+@example\.org")', shown), path
        assert "<a href=&quot;" not in unescape(shown)
