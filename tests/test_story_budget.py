"""Whole stories by mail with an attached begroting: what it shows counts, and nobody has to find out alone."""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import cli
from bot.channels.local_box import KeptLetter
from bot.settings import Programme
from bot.store import cases
from bot.story import Story, letter_to, reply_to
from bot.web.app import make_app
from matcher.encoder import Encoder
from matcher.proposal import Case
from tests.mails import INCOMPLETE, SHOP, mail
from tests.sheet_builders import Rows, xlsx

COORDINATOR = Programme().coordinator
CLOSES = """Goedemiddag,

Wij zijn een groep bewoners uit Vessem en willen zelf een dorpswinkel openen.

We zoeken iemand die met ons een verdienmodel maakt. Onze begroting is sluitend, zie de bijlage.
Van de provincie vragen we geen subsidie.

De werkgroep dorpswinkel
"""
SHORT: Rows = [
    ["Begroting dorpswinkel 2027"],
    ["Inkomsten"], ["Omzet", 60000], ["Dorpsfonds", 5000], ["Totaal inkomsten", 65000],
    ["Uitgaven"], ["Inkoop", 50000], ["Huur", 12000], ["Energie", 8000], ["Totaal uitgaven", 70000],
    ["Saldo", -5000],
]  # fmt: skip
ENOUGH: Rows = [["Inkomsten"], ["Leden", 700], ["Gemeente", 500], ["Uitgaven"], ["Planten", 1100]]


def with_file(raw: bytes, content: bytes, name: str = "begroting.xlsx") -> bytes:
    """The mail with a file that came along."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def only_case(story: Story) -> Case:
    (case,) = cases.of_initiator(story.db, SHOP)
    return case


def ask(story: Story, text: str, content: bytes, name: str = "begroting.xlsx") -> list[KeptLetter]:
    return story.mail_arrives(with_file(mail(text, now=story.now), content, name))


def test_a_begroting_that_contradicts_the_text_is_put_before_a_person(story: Story) -> None:
    sent = ask(story, CLOSES, xlsx(SHORT))
    case = only_case(story)
    assert (case.state, case.eligibility, case.facts.budget) == ("review", "review", "not_closing")
    assert [(each.told, each.shown) for each in case.facts.contradictions] == [("closing", "not_closing")]

    review = letter_to(sent, COORDINATOR)
    assert "inkomsten € 65.000, kosten € 70.000, tekort € 5.000" in review.text
    assert "Het bericht: de begroting sluit. De bijlage: de begroting sluit niet." in review.text
    assert "Onze begroting is sluitend" in review.text
    notice = letter_to(sent, SHOP)
    assert "Je komt 5.000 tekort" in notice.text
    assert "Dat geeft niet" in notice.text
    assert "Dit is geen afwijzing" in notice.text


def test_a_begroting_that_bears_the_text_out_is_shown_to_the_adviser(story: Story) -> None:
    closing = [list(row) for row in SHORT]
    closing[2][1], closing[4][1], closing[-1][1] = 70000, 75000, 5000
    sent = ask(story, CLOSES, xlsx(closing))
    case = only_case(story)
    assert (case.state, case.eligibility, case.facts.contradictions) == ("proposed", "eligible", ())
    proposal = next(letter for letter in sent if letter.subject.startswith("Voorstel"))
    assert "2027: inkomsten € 75.000, kosten € 70.000, over € 5.000" in proposal.text
    assert "Let op" not in proposal.text


def test_a_begroting_sent_later_answers_the_question(story: Story) -> None:
    question = letter_to(story.mail_arrives(mail(INCOMPLETE, now=story.now)), SHOP)
    reply = reply_to(question, "1. In Oss\n2. Zie de bijlage", story.now)
    story.mail_arrives(with_file(reply, xlsx(ENOUGH)))
    facts = only_case(story).facts
    assert (facts.municipality, facts.budget, facts.provincial_dependence) == ("Oss", "closing", False)
    assert only_case(story).eligibility == "eligible"


def test_a_file_that_cannot_be_read_is_told_kindly(story: Story) -> None:
    sent = ask(story, INCOMPLETE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "begroting.xls")
    case = only_case(story)
    assert (case.state, case.facts.budget) == ("asking", None)
    assert "begroting.xls. Die konden we niet goed lezen" in letter_to(sent, SHOP).text.replace("\n", " ")


def test_the_page_of_the_decision_shows_the_sums_and_the_contradiction(story: Story) -> None:
    letter = letter_to(ask(story, CLOSES, xlsx(SHORT), "<b>begroting</b>.xlsx"), COORDINATOR)
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.text)
    assert found is not None
    with TestClient(make_app(story.wiring, story.shelf, lambda: story.now)) as browser:
        page = browser.get(found[1]).text
    assert "<td>65.000</td><td>70.000</td><td>tekort 5.000</td>" in page
    assert "Let op, dit klopt niet met elkaar." in page
    assert "<b>begroting" not in page


def test_a_dry_run_counts_the_begroting_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], story: Story, encoder: Encoder
) -> None:
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("bot.wiring.open_encoder", lambda *_: encoder)
    file = tmp_path / "vraag.eml"
    file.write_bytes(with_file(mail(CLOSES, now=story.now), xlsx(SHORT)))
    assert cli.run(["analyse", "--json", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["facts"]["budget"], found["eligibility"]) == ("not_closing", "review")
    assert cli.run(["analyse", str(file)]) == 0
    told = capsys.readouterr().out
    assert "inkomsten € 65.000, kosten € 70.000, tekort € 5.000" in told
    assert "bericht: de begroting sluit; bijlage: de begroting sluit niet" in told
    file.write_bytes(with_file(mail(CLOSES, now=story.now), xlsx(SHORT)[:200]))
    assert cli.run(["analyse", str(file)]) == 0
    assert "begroting.xlsx: het bestand is beschadigd" in capsys.readouterr().out
