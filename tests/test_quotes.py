"""The writer's new text is told from the older mail around it, in every client's style, and nothing is lost."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.quotes import split_text, strip_to_new_text
from tests.quote_styles import MARKED, MARKED_STYLES, OLD, UNDERSCORES, UNMARKED_STYLES


@pytest.mark.parametrize("style", MARKED_STYLES)
@pytest.mark.parametrize("new", ["Nee", "Nee, te druk.\n\nGroet,\nAdviseur Zet"])
def test_marked_history_is_quoted(style: str, new: str) -> None:
    assert strip_to_new_text(f"{new}\n\n{MARKED_STYLES[style]}{MARKED}\n")[0] == new


@pytest.mark.parametrize("style", MARKED_STYLES)
def test_answer_below_marked_history_is_new(style: str) -> None:
    assert strip_to_new_text(f"{MARKED_STYLES[style]}{MARKED}\n\nNee, te druk.\n")[0] == "Nee, te druk."


@pytest.mark.parametrize("style", UNMARKED_STYLES)
def test_unmarked_history_is_quoted(style: str) -> None:
    new, quoted = strip_to_new_text(f"Nee\n\n{UNMARKED_STYLES[style]}{OLD}\n", "Re: voorstel")
    assert new == "Nee"
    assert OLD in quoted


@pytest.mark.parametrize("style", UNMARKED_STYLES)
def test_reply_with_nothing_above_says_nothing(style: str) -> None:
    assert strip_to_new_text(f"\n{UNMARKED_STYLES[style]}{OLD}\n", "Re: voorstel")[0] == ""


def test_answers_between_the_lines_stay_in_order() -> None:
    text = "> Waar zit u?\nIn Achtmaal.\n> Sluit de begroting?\nJa, net.\n> En de provincie?\n\nDie niet.\n\nGr. Lian"
    assert strip_to_new_text(text)[0] == "In Achtmaal.\n\nJa, net.\n\nDie niet.\n\nGr. Lian"


def test_rest_of_a_wrapped_quote_is_not_an_answer() -> None:
    text = "Nee\n\n> Wij stellen een expert voor en vragen of u daarmee instemt, dus of u\nakkoord gaat\n> Groet"
    assert strip_to_new_text(text)[0] == "Nee"


@pytest.mark.parametrize(
    "text",
    [
        "> 50 bezoekers per week, dat halen we.",
        "De gemeente schreef ons:\njullie mogen blijven.\nWat nu?",
        "Op 3 november 2024 schreef de wethouder ons het volgende:\n\nu mag blijven.\n\nWat betekent dat contract?",
        "Datum: 3 november\nOnderwerp: ons bestuur\n\nWij zoeken hulp bij de statuten.",
        "Onze vragen:\n- van wie is de grond?\n- aan wie betalen we huur?",
        "Project: buurttuin\nPlaats: Oss\nVraag: wie helpt ons met de begroting?",
        "Eerste deel\n________________________________\nTweede deel, met onze vraag.",
        "We werken samen -- al jaren --\n--\nen we zoeken hulp.\n" + "Nog een zin over ons plan.\n" * 20,
        "Wij schreven op 3 mei een brief.\nDat hielp niet.",
        "Wij kregen een doorgestuurd bericht van de gemeente. Wat moeten we daarmee?",
    ],
)
def test_own_text_is_left_whole(text: str) -> None:
    assert strip_to_new_text(text) == (text.strip(), "")


def test_forwarded_mail_counts_when_it_is_only_passed_on() -> None:
    text = (
        "Collega's, deze hoort bij jullie.\n\n-----Oorspronkelijk bericht-----\nVan: buurttuin\nOnderwerp: hulp\n\n"
        "Wij zoeken hulp bij de statuten.\n\n> oude vraag\n"
    )
    parts = split_text(text, "FW: hulp")
    assert parts.new == "Collega's, deze hoort bij jullie.\n\nWij zoeken hulp bij de statuten."
    assert parts.forwarded
    assert "oude vraag" in parts.quoted


@pytest.mark.parametrize(
    "separator",
    ["Begin doorgestuurd bericht:", "---------- Forwarded message ---------", "-------- Doorgestuurd bericht --------",
     "-------- Weitergeleitete Nachricht --------", "---------- Wiadomość przekazana ----------"],
)  # fmt: skip
@pytest.mark.parametrize("top", ["", "Ter info.", "Zie hieronder, groet Wijkraad"])
def test_forwarded_mail_in_every_style(separator: str, top: str) -> None:
    text = f"{top}\n\n{separator}\nVan: buurttuin\nOnderwerp: hulp\n\nWij zoeken hulp bij de statuten."
    assert split_text(text).new.endswith("Wij zoeken hulp bij de statuten.")


def test_forwarded_mail_does_not_count_below_an_own_question() -> None:
    text = (
        "Dit kregen wij, zie hieronder. Wie kent een ander fonds voor onze kas in Oss?\n\n"
        "---------- Forwarded message ---------\nVan: fonds\n\nUw begroting sluit niet.\n"
    )
    assert split_text(text, "Fwd: afwijzing").new == text.split("\n")[0]


def test_mail_forwarded_twice_counts() -> None:
    inner = "---------- Forwarded message ---------\nVan: buurttuin\n\nWij zoeken een bestuurslid."
    text = f"Ter info.\n\n---------- Forwarded message ---------\nVan: gemeente\n\nHoort bij jullie.\n\n{inner}"
    assert split_text(text, "Fwd: Fwd: bestuur").new.endswith("Wij zoeken een bestuurslid.")


CONTACT = "Adviseur Zet\nT 013-5550000 | M 06-12345678\nadviseur@zet.example.org\nwww.zet.example.org"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"Wij zoeken hulp.\n\n-- \n{CONTACT}", "Wij zoeken hulp."),
        (
            f"Wij zoeken hulp.\n\n--\n{CONTACT}\n\nP.S. We zitten in Oss.",
            "Wij zoeken hulp.\n\n\nP.S. We zitten in Oss.",
        ),
        (f"Ja\n\nMet vriendelijke groet,\n{CONTACT}", "Ja\n\nMet vriendelijke groet,\nAdviseur Zet"),
        ("Ja\n\nVerstuurd vanaf mijn iPhone", "Ja"),
        ("Ja\n\nVerzonden met Outlook voor iOS", "Ja"),
        ("Ja\n\nSent from Outlook for Android<https://aka.example.org>", "Ja"),
        ("Ja\n\nOutlook voor Android downloaden", "Ja"),
        ("Ja\n\nVon meinem iPhone gesendet", "Ja"),
        ("Ja\n\nWysłane z iPhone'a", "Ja"),
        ("Ja\n\nНадіслано з iPhone", "Ja"),
        ("Ja\n\niPhone'umdan gönderildi", "Ja"),
        ("Ja\n\nDe informatie in dit bericht is uitsluitend bestemd\nvoor de geadresseerde.", "Ja"),
        ("Ja\n\nThis e-mail is confidential and intended solely for the addressee.", "Ja"),
        ("LET OP: deze mail komt van buiten de organisatie.\nBeste mensen,\nWie helpt?", "Beste mensen,\nWie helpt?"),
    ],
)
def test_signature_is_cut(text: str, new: str) -> None:
    assert strip_to_new_text(text)[0] == new


@pytest.mark.parametrize(
    "text",
    [
        # The village is told only here.
        "Wie helpt ons?\n\nGroeten uit Spoordonk,\nAnnemiek",
        "Wie helpt ons?\n\nMet vriendelijke groet,\nH. Gijsbers, Prinsenbeek\nStichting De Brug",
        "Ja\n\nGroet,\nPiet\nbel me eerst op 06-12345678",
        "Ja\n\nGroet,\nPiet\n\nP.S. niet voor maandag, mijn nummer is 013-5550000",
        "Bel gerust: 06-12345678",
        "Deze mail is vertrouwelijk: er is ruzie in ons bestuur. Wie kan helpen?",
        "Mijn bericht is verstuurd vanaf mijn iPhone en kwam niet aan.",
        "Met vriendelijke groet heb ik de wethouder geschreven. Nu zoeken we steun.",
        "Groetjes zijn fijn, maar wij zoeken geld.\n\nWe zitten in Oss en hebben www.tuin.example.org gemaakt.",
        "Disclaimer: kunnen jullie ons helpen?",
    ],
)
def test_what_a_person_says_is_not_cut_as_signature(text: str) -> None:
    assert strip_to_new_text(text)[0] == text


LINES = st.lists(
    st.sampled_from(
        ["Ja", "Nee, te druk", "", "> oud", ">> ouder", "Groet,", "-- ", "06-12345678", "Van: x", "Verzonden: y",
         "Op ma 3 nov 2025 om 10:14 schreef x:", "-----Oorspronkelijk bericht-----", "Begin doorgestuurd bericht:",
         UNDERSCORES, "Wij zoeken hulp bij de statuten.", "Onderwerp: z", "Verstuurd vanaf mijn iPhone",
         "P.S. nog iets"]
    ),
    max_size=14,
)  # fmt: skip


def in_order(pieces: list[str], text: str) -> bool:
    """Whether the pieces stand in the text one after the other."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def lines_of(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (line.strip("> ") for line in text.split("\n") if line.strip("> "))


@given(LINES)
def test_new_text_is_a_sequence_of_the_original_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert in_order([line for line in strip_to_new_text(text)[0].split("\n") if line], text)


@given(LINES)
def test_no_line_is_lost(lines: list[str]) -> None:
    parts = split_text("\n".join(lines))
    kept = sorted(lines_of(parts.new, parts.quoted, parts.signature))
    assert kept == sorted(lines_of("\n".join(lines)))


@given(st.text(max_size=300))
def test_any_text_is_split(text: str) -> None:
    parts = split_text(text, text[:20])
    assert len(parts.new) <= len(text) + 2
