"""An adviser's answer is read as meant, and whatever is in doubt is asked: never a wrong yes."""

import re
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.answer import UNCLEAR, Answer, Choice, read_answer
from inbox.mail import read_mail
from tests.quote_styles import MARKED, MARKED_STYLES, OLD, UNMARKED_STYLES

YES = """
Ja | ja | JA! | *JA* | "Ja" | Ja. | JA graag | Jazeker | Ja hoor | akkoord | Akkoord! | Ik ga akkoord
Ik ben akkoord | Wat mij betreft akkoord | doe maar | Doe het maar! | Ja doe maar | oké doe maar
prima, regel het | Prima hoor, ga je gang. | ja prima, doe maar | Ja hoor, geen probleem | geen bezwaar
Geen bezwaar van mijn kant. | Ik heb geen bezwaar | geen probleem! | Is goed | Dat is goed. | Lijkt me prima
Vind ik goed | Ja, leuk initiatief! | Mooi initiatief, ja graag | Graag
Akkoord, ik neem contact op met de initiatiefnemer. | Ja, ik bel haar morgen | Ja, ik pak het op
Ja, met plezier | Ja graag. Dank voor het voorstel! | Hoi allemaal, ja graag | Goedemorgen, akkoord. | ja 👍
Ja 🙂 | Ja akkoord en bedankt | Yes | Yes please | I agree | Agreed, thanks | No objection | Sure, go ahead
Ja, dat is goed. Groet, Piet | Akkoord, mvg | Ik accepteer dit voorstel | Goedgekeurd | Mijn antwoord is ja
Antwoord: ja | Toch ja, doe maar! | Koppel ze maar | Breng ze maar in contact
"""
NO = """
nee | Nee. | NEE | Neen | Nee hoor | Nee dank je | Nee, bedankt | liever niet | Liever niet. | niet akkoord
Ik ga niet akkoord | doe maar niet | zeker niet | Helaas niet | Toch maar niet | Ik accepteer dit niet
Ik wijs het af | Afgewezen | No | No thanks
"""
NO_WITH_REASON = [
    ("nee, te druk", "te druk"),
    ("Nee te druk", "te druk"),
    ("Nee, ik heb het te druk.", "ik heb het te druk"),
    ("Nee helaas, geen tijd", "geen tijd"),
    ("Helaas geen tijd", "Helaas geen tijd"),
    ("Te druk op dit moment", "Te druk op dit moment"),
    ("Sorry, ik zit helemaal vol", "ik zit helemaal vol"),
    ("Helaas lukt het niet", "Helaas lukt het niet"),
    ("Nee, dit past niet bij mijn achtergrond.", "dit past niet bij mijn achtergrond"),
    ("Nee, te druk tot 3-8-2026", "te druk tot 3-8-2026"),
    ("Nee, dit past niet bij wijk 2", "dit past niet bij wijk 2"),
    ("Nee, ik ken deze mensen persoonlijk en dat is lastig.", "ik ken deze mensen persoonlijk en dat is lastig"),
    ("Nee. Ik ken ze goed. Dat is lastig. Groet, Adviseur", "Ik ken ze goed. Dat is lastig"),
    ("Liever niet, want ik ken de voorzitter", "want ik ken de voorzitter"),
    ("Niet akkoord: verkeerde regio", "verkeerde regio"),
    ("No, I'm too busy", "I'm too busy"),
]
OTHER = [
    ("doe maar nummer 2", "2"),
    ("Doe maar nr. 3", "3"),
    ("Graag nummer twee", "2"),
    ("liever de tweede", "2"),
    ("Ik kies voor de derde", "3"),
    ("De 2e graag", "2"),
    ("optie 3 aub", "3"),
    ("2", "2"),
    ("Ja, doe maar nummer 2", "2"),
    ("ja doe nummer 2 maar", "2"),
    ("Nee, doe maar nummer 2", "2"),
    ("Nee, doe 2", "2"),
    ("Nee, doe liever 2 graag", "2"),
    ("Nee, de 3", "3"),
    ("Ja, doe 2", "2"),
    ("Nee liever 2", "2"),
    ("number 2 please", "2"),
    ("Liever Jan de Vries", "Jan de Vries"),
    ("Zorgbelang past beter", "Zorgbelang"),
    ("liever iemand anders", ""),
    ("Graag een andere expert", ""),
    ("Someone else please", ""),
]
HAND_OVER = [
    ("Nee, laat Zorgbelang dit doen", "Zorgbelang"),
    ("laat zorgbelang dit doen", "zorgbelang"),
    ("Laat iemand van Zorgbelang dit oppakken", "Zorgbelang"),
    ("Geef het maar aan KNHM", "KNHM"),
    ("Geef dit maar door aan Adviseur zorg dichtbij.", "Adviseur zorg dichtbij"),
    ("Nee, te druk, laat Zorgbelang dit doen", "Zorgbelang"),
    ("Laat dit maar aan Zet over", "Zet"),
    ("Laat mijn collega Piet dit doen", "Piet"),
    ("Let Zorgbelang do this", "Zorgbelang"),
    ("laat een collega dit doen", ""),
]
UNCLEAR_TEXTS = """
ja maar eerst een vraag | ja, maar wat kost het? | Ja? | misschien | Misschien wel | ja/nee
JA / NEE | nog niet | Nee, nog niet | ja, nee, doe maar niet | JA of NEE | Antwoord JA of NEE
Antwoord met JA om te accepteren | Ja mits ze in Brabant zitten | ja, als het budget rond is
Ja onder voorbehoud | Ja, na de zomer | Ja, donderdag | Ja ik denk het | Ja, ik heb je mail ontvangen
Ja, hier met Jan. Ik zit vol. | Ja, ik ben op vakantie tot 3 augustus | Ja dat klopt | ja ja | niet nummer 2
nummer 2 of 3 | liever nummer 2 dan nummer 1 | Nummer 2 kent de wijk | laat maar
laat mij dit doen | Ik denk het wel | Wat houdt het in? | Nee maar volgende maand wel | ja niet | JА
Nee hoor, prima | geen idee | Nee, geen probleem | Geen bezwaar, maar wel vragen | Ja, zonder meer
Laat dit maar aan Zet over, of nee | Ja, laat Zorgbelang dit niet doen | Laat Zorgbelang of Zet dit doen
Laat Zorgbelang dit doen? | Ja, maar laat Zorgbelang het doen
accepteer niet | Akkoord is dit niet | Ja Zorgbelang | Nee, ja | Ja. Nee. | Helaas, ja | Ja 👎 | Ja 🤔 | 👍
Goed gelezen | Ontvangen | Dank je wel | Top | Mooi initiatief | ok? | Ja, mits | als het moet
Ik weet het nog niet | Overleg ik even | Nee, misschien later | Nee, volgende week wel | Niet nee | Geen nee
doe maar wat | ,,, | ??? | Ik heb geen bezwaar tegen nummer 2 | Ja, ik ben geen adviseur meer | Yes and no
Not sure | Yes, but not now | I don't know | Automatisch antwoord: ja | Nee of ja | Vraag het Jan | Ja en nee
Ja, vraag eerst de voorzitter | Ja.Nee | Tja | Jammer
Nee, 2 | Nee 2 is beter | Nee, twee | Nee. De tweede kent de wijk | No, 2 please | Nee, doe 2 of 3 | Nee, doe 1
Nee, ik ken er al 2 | Nee, doe nummer 1
"""


def listed(table: str) -> list[str]:
    return [entry.strip() for line in table.strip().split("\n") for entry in line.split(" | ")]


@pytest.mark.parametrize("text", listed(YES))
def test_yes(text: str) -> None:
    assert read_answer(text) == Answer("yes")


@pytest.mark.parametrize("text", listed(NO))
def test_no(text: str) -> None:
    assert read_answer(text).choice == "no"


@pytest.mark.parametrize(("text", "reason"), NO_WITH_REASON)
def test_no_keeps_the_reason(text: str, reason: str) -> None:
    assert read_answer(text) == Answer("no", reason=reason)


@pytest.mark.parametrize(("text", "hint"), OTHER)
def test_other_expert(text: str, hint: str) -> None:
    answer = read_answer(text)
    assert (answer.choice, answer.expert_hint) == ("other_expert", hint)


@pytest.mark.parametrize(("text", "hint"), HAND_OVER)
def test_a_colleague_or_an_organisation_decides(text: str, hint: str) -> None:
    answer = read_answer(text)
    assert (answer.choice, answer.expert_hint) == ("hand_over", hint)


@pytest.mark.parametrize("text", ["", " \n\n", *listed(UNCLEAR_TEXTS)])
def test_doubt_is_asked(text: str) -> None:
    assert read_answer(text) == UNCLEAR


@pytest.mark.parametrize(
    "below",
    [
        "Groet,\nPiet van den Berg\nAdviseur sociaal domein\nZorgbelang Brabant",
        "Met vriendelijke groet,\n\nAdviseur Zet\nT 013-5550000\nwww.zet.example.org\nWerkdagen: ma, di en do",
        "Mvg J. de Wit",
        "Verstuurd vanaf mijn iPhone",
        "-- \nAdviseur Zet\n06-12345678",
        "Hartelijke groet,\nPiet\nIk werk niet op woensdag",
    ],
)
def test_a_signature_changes_nothing(below: str) -> None:
    assert read_answer(f"Ja graag\n\n{below}").choice == "yes"
    assert read_answer(f"Nee\n\n{below}") == Answer("no")


@pytest.mark.parametrize(
    "below",
    [
        "Groet,\nPiet\nMaandag",
        "Groet Piet\nVolgende week pas",
        "Groet, volgende week pas",
        "Groet,\nPiet\nNog niet doorsturen",
        "Groet,\nbel me eerst op 06-12345678",
        "P.S. eerst even bellen",
        "Zorgbelang",
        "> Antwoord JA of NEE",
        "Groet,\nPiet\n\nP.S. nummer 2 is ook goed",
    ],
)
def test_a_condition_under_the_closing_counts(below: str) -> None:
    assert read_answer(f"Ja\n\n{below}").choice != "yes"


def test_a_name_counts_as_one_only_when_it_is_the_sender() -> None:
    assert read_answer("Ja\nPiet", "Piet de Wit").choice == "yes"
    assert read_answer("Ja\nPiet", "Anna Bakker") == UNCLEAR


def test_out_of_office_is_no_answer() -> None:
    text = "Ja, dank voor uw bericht. Ik ben tot maandag afwezig. Bij spoed kunt u contact opnemen met mijn collega."
    assert read_answer(text) == UNCLEAR
    assert read_answer("Nee, ik ben er niet. Dit is een automatisch antwoord.") == UNCLEAR


def test_a_long_story_is_no_answer() -> None:
    assert read_answer("Ja. " + "Dank voor het voorstel. " * 100) == UNCLEAR


STYLES = {**MARKED_STYLES, **UNMARKED_STYLES}
OLD_YES = "Beste adviseur,\nJa\nAntwoord JA of NEE.\nKenmerk: MM-0123456789ABCDEFGHJK"


def answer_by_mail(new: str, style: str, old: str, *, below: str = "") -> Answer:
    """The whole way: a reply as the client writes it, read as mail, then as an answer."""
    if style in MARKED_STYLES:
        old = "\n".join("> " + line for line in old.split("\n"))
    text = f"{new}\n\n{STYLES[style]}{old}\n{below}"
    raw = (
        "From: Adviseur Zet <adviseur@zet.example.org>\r\nTo: socialeveerkracht@example.org\r\n"
        "Subject: Re: voorstel\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + text.replace("\n", "\r\n")
    )
    message = read_mail(raw.encode(), own_addresses=["socialeveerkracht@example.org"])
    return read_answer(message.text, message.sender_name)


@pytest.mark.parametrize("style", STYLES)
def test_answer_above_the_letter_in_every_quote_style(style: str) -> None:
    assert answer_by_mail("Ja, graag.\n\nGroet,\nAdviseur Zet", style, OLD) == Answer("yes")
    assert answer_by_mail("Nee, te druk\n\nVerstuurd vanaf mijn iPhone", style, OLD) == Answer("no", "te druk")
    assert answer_by_mail("Doe maar nummer 2", style, OLD) == Answer("other_expert", expert_hint="2")
    assert answer_by_mail("Nee, doe 2", style, OLD).expert_hint == "2"
    assert answer_by_mail("Nee, 2", style, OLD) == UNCLEAR
    assert answer_by_mail("Nee 2 is beter", style, OLD) == UNCLEAR


@pytest.mark.parametrize("style", STYLES)
def test_an_old_yes_in_the_quote_is_never_an_answer(style: str) -> None:
    assert answer_by_mail("", style, OLD_YES) == UNCLEAR
    assert answer_by_mail("Nee", style, OLD_YES) == Answer("no")
    assert answer_by_mail("Ik denk het", style, OLD_YES) == UNCLEAR
    assert answer_by_mail("Ik kom er morgen op terug", style, OLD_YES).choice == "later"
    assert answer_by_mail("Ja, maar vraag ze eerst of de gemeente meedoet", style, OLD_YES) == UNCLEAR
    assert answer_by_mail("Laat Zorgbelang dit doen", style, OLD_YES) == Answer("hand_over", expert_hint="Zorgbelang")


@pytest.mark.parametrize("style", MARKED_STYLES)
def test_answer_below_the_letter(style: str) -> None:
    assert answer_by_mail("", style, OLD_YES, below="\nNee, te druk\n") == Answer("no", "te druk")


@pytest.mark.parametrize("style", ["een onbekend programma zegt", "2025/11/03 Mix"])
def test_an_unknown_quote_style_never_makes_a_yes(style: str) -> None:
    for new in ("", "Nee", "Misschien"):
        assert read_answer(f"{new}\n\n{style}\n{OLD}").choice != "yes"


WORDS = listed(YES) + listed(NO) + listed(UNCLEAR_TEXTS) + [text for text, _ in OTHER + HAND_OVER + NO_WITH_REASON]
PIECES = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(sorted({word for text in WORDS for word in text.split()}))),
    max_size=5,
)
NEGATION = re.compile(
    r"(?i)\b(?:niet|geen|nooit|niets|niks|niemand|nee+|neen|no|not|never|nobody|nothing|zonder)\b|n't\b"
)
IDIOM = re.compile(r"(?i)\b(?:geen (?:enkel )?(?:probleem|bezwaar|bezwaren)|no (?:problem|objections?))\b")


@given(PIECES, st.sampled_from([" ", ", ", ". ", "\n", "\n\n"]))
@settings(max_examples=600, deadline=None)
def test_a_negation_never_gives_a_yes(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    if NEGATION.search(IDIOM.sub("", text)):
        assert read_answer(text).choice != "yes"


@given(PIECES, st.sampled_from([" ", ", ", ". ", "\n"]))
@settings(max_examples=300, deadline=None)
def test_a_question_or_a_condition_never_gives_a_yes(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    if re.search(r"(?i)[?]|\b(?:mits|tenzij|misschien|als|of|later|eerst|but|if|maybe)\b", text):
        assert read_answer(text).choice != "yes"


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_an_answer_and_no_random_yes(text: str) -> None:
    assert read_answer(text).choice in get_args(Choice)
    assert read_answer(f"Nee {text}").choice != "yes"


def test_the_letter_itself_is_no_answer() -> None:
    assert read_answer(OLD) == UNCLEAR
    assert read_answer(MARKED) == UNCLEAR
