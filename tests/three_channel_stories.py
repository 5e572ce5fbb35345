"""Stories that end the same in every channel, as data: who does what, and how it ends. Plays nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sheet_builders import xlsx
from tests.three_channel_steps import (
    Answers,
    AskedAfter,
    Begins,
    Coordinates,
    Decides,
    Ending,
    Replies,
    Scenario,
    Side,
    Waits,
)
from tests.three_channels import PHONE, Channel, File, Form, Press, Said

CLEAR = f"""Goedemiddag,

Wij zijn een groep bewoners uit Vessem en willen zelf een dorpswinkel openen.

We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt.

De begroting sluit nog niet helemaal, maar de bank heeft schriftelijk toegezegd dat zij meedoet.
Van de provincie vragen we geen subsidie.

Bel gerust: {PHONE}.
"""
GARDEN = """Met een paar buren beginnen we een buurttuin. Een deel van de straat is boos.
Wie kan ons helpen om een goed gesprek met de buurt te voeren, ook met de mensen die tegen zijn?
"""
SHORT_OF_MONEY = """Wij zijn ouders van jongvolwassenen met een beperking in Helmond en runnen samen een klein zorghuis.
Wij zoeken iemand die met ons de rolverdeling in het bestuur en de statuten doorneemt.
Eerlijk is eerlijk: onze begroting sluit niet, we komen dit jaar 40.000 euro tekort.
"""
ELSEWHERE = """Onze wijkcoöperatie in Nijmegen wil zonnepanelen op de sporthal leggen.
We zoeken hulp bij het contract met de gemeente over het dak. Onze begroting is sluitend.
"""
VAGUE = "Hallo, wij hebben een mooi plan voor onze wijk en kunnen wel wat hulp gebruiken. Kunnen jullie helpen?"
STATUTES = "We zoeken hulp bij het oprichten van een stichting en het maken van de statuten."
SHEET = File(
    GARDEN,
    "begroting.xlsx",
    xlsx(
        [
            ["Begroting 2027"],
            ["Inkomsten"],
            ["Contributie", 8000],
            ["Totaal inkomsten", 8000],
            ["Uitgaven"],
            ["Huur", 20000],
            ["Totaal uitgaven", 20000],
        ]
    ),
)

KNOWS = {
    "need": Said("We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt."),
    "right": Said("Ja, dit klopt.", Press("right")),
    "municipality": Said("Het is in Oss."),
    "budget": Said("De begroting sluit.", Press("budget", "closing")),
    "provincial_dependence": Said("Van de provincie vragen we geen subsidie.", Press("provincial_dependence", "no")),
}
DOES_NOT_KNOW = KNOWS | {
    "budget": Said("Weet ik niet.", Press("budget", "unknown")),
    "provincial_dependence": Said("Weet ik niet.", Press("provincial_dependence", "unknown")),
}
WENT_WELL = {
    "helped": Said("Ja, het heeft geholpen.", Press("helped", "yes")),
    "phase": Said("We zitten in fase 4.", Press("phase", "4")),
    "next": Said("Verder hebben we nu niets nodig.", Press("next", "nothing")),
}
RIGHT_FIRST: Mapping[Channel, tuple[str, ...]] = {
    "mail": ("municipality budget provincial_dependence consent",),
    "chat": ("right municipality", "budget", "provincial_dependence"),
    "web": ("right municipality", "budget", "provincial_dependence"),
}
"""By mail everything is asked at once, with consent; in a live conversation one thing at a time, and consent later."""

YES = Said("Ja, doe maar.", Press("accept"), Form(fields=(("choice", "yes"),)))
NO = Said(
    "Nee, te druk",
    (Press("decline"), Press("decline", "words"), "te druk"),
    Form(fields=(("choice", "no"), ("reason", "te druk"))),
)
MAY = Said("Ja, dat mag.", Press("consent", "yes"), Form("toestemming", (("choice", "yes"), ("contact", PHONE))))
TELLS_CONTACT: Mapping[tuple[Side, Channel], frozenset[str]] = {("initiator", "web"): frozenset({"contact_told"})}
"""The page's form for consent also asks how somebody can be reached; by mail and chat that is known."""
MAY_NOT = Said("Nee, liever niet.", Press("consent", "no"), Form("toestemming", (("choice", "no"),)))
STATUS = Said("Hoe staat het ervoor met onze vraag?", "/status", Form("status"))
STOP = Said("Wij trekken onze vraag in. Het gaat niet door, bedankt.", "/stop", Form("stoppen"))
ASKED_CLEAR = Begins(Said(CLEAR))

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "a clear question is introduced",
        (ASKED_CLEAR, Decides(YES), Replies(MAY)),
        Ending("introduced", consent=True, proposals=("accepted",)),
        only=TELLS_CONTACT,
    ),
    Scenario(
        "a clear question, and nothing may be shared",
        (ASKED_CLEAR, Decides(YES), Replies(MAY_NOT)),
        Ending("introduced", consent=False, proposals=("accepted",)),
    ),
    Scenario(
        "a vague question becomes clear",
        (Begins(Said(VAGUE)), Answers(KNOWS)),
        Ending("proposed", "Oss", "closing", proposals=("open",)),
        {
            "mail": ("need", "municipality budget provincial_dependence consent"),
            "chat": ("need", "right municipality", "budget provincial_dependence"),
            "web": ("need", "right municipality", "budget provincial_dependence"),
        },
    ),
    Scenario(
        "what is missing is told",
        (Begins(Said(GARDEN)), Answers(KNOWS)),
        Ending("proposed", "Oss", "closing", needs=frozenset({"dialogue"}), proposals=("open",)),
        RIGHT_FIRST,
    ),
    Scenario(
        "what is missing nobody knows",
        (Begins(Said(GARDEN)), Answers(DOES_NOT_KNOW), Coordinates(Said("JA", web=Form(fields=(("choice", "yes"),))))),
        Ending("proposed", "Oss", None, None, frozenset({"dialogue"}), "incomplete", proposals=("open",)),
        RIGHT_FIRST,
    ),
    Scenario(
        "a budget that does not close is approved by a person",
        (
            Begins(Said(SHORT_OF_MONEY)),
            Answers(KNOWS),
            Coordinates(Said("JA", web=Form(fields=(("choice", "yes"),)))),
            Decides(YES),
            Replies(MAY),
        ),
        Ending(
            "introduced",
            "Helmond",
            "not_closing",
            None,
            frozenset({"governance"}),
            "review",
            consent=True,
            proposals=("accepted",),
        ),
        only=TELLS_CONTACT,
    ),
    Scenario(
        "a budget that does not close is refused by a person",
        (
            Begins(Said(SHORT_OF_MONEY)),
            Coordinates(Said("Nee, ik bel ze zelf", web=Form(fields=(("choice", "no"), ("reason", "ik bel ze zelf"))))),
        ),
        Ending("closed", "Helmond", "not_closing", None, frozenset({"governance"}), "review"),
    ),
    Scenario(
        "outside Noord-Brabant",
        (Begins(Said(ELSEWHERE)),),
        Ending("referred", "Nijmegen", "closing", None, frozenset({"contracts"}), "outside_area"),
    ),
    Scenario(
        "not for this programme",
        (Begins(Said("Hallo, mijn paspoort is verlopen. Hoe kan ik een nieuw paspoort aanvragen?")),),
        None,
    ),
    Scenario(
        "somebody offers to help",
        (Begins(Said("Ik ben accountant en bied mijn kennis gratis aan. Ik wil graag initiatieven helpen.")),),
        None,
    ),
    Scenario(
        "somebody stops half-way",
        (ASKED_CLEAR, Replies(STOP)),
        Ending("withdrawn", proposals=("withdrawn",)),
    ),
    Scenario(
        "how does it stand",
        (ASKED_CLEAR, Begins(STATUS)),
        Ending("proposed", proposals=("open",)),
    ),
    Scenario(
        "own data are seen and erased",
        (
            ASKED_CLEAR,
            Replies(Said("Laat mijn gegevens zien.", web=Form("gegevens"))),
            Replies(Said("Verwijder al mijn gegevens.", Press("erase"))),
            Replies(Said("Ja, wis alles.", Press("erase_yes"))),
        ),
        Ending("withdrawn", proposals=("withdrawn",)),
    ),
    Scenario(
        "what was understood wrong is put right",
        (
            ASKED_CLEAR,
            Replies(Said("Dat klopt niet.", Press("wrong"))),
            Replies(Said("We zitten niet in Vessem maar in Helmond.")),
        ),
        Ending("proposed", "Helmond", proposals=("withdrawn", "open")),
        dict.fromkeys(("mail", "chat", "web"), ("different",)),
    ),
    Scenario(
        "a second question is a new one",
        (ASKED_CLEAR, Begins(Said(STATUTES)), Replies(Said("Nieuw", Press("new"))), Answers(KNOWS)),
        Ending("proposed", "Oss", "closing", needs=frozenset({"governance"}), proposals=("open",), cases=2),
        {
            "mail": ("belongs", "municipality budget provincial_dependence consent"),
            "chat": ("belongs", "right municipality", "budget provincial_dependence"),
            "web": ("belongs", "right municipality", "budget provincial_dependence"),
        },
    ),
    Scenario(
        "the adviser says no, and yes to the next expert",
        (ASKED_CLEAR, Decides(NO), Decides(YES), Replies(MAY)),
        Ending("introduced", consent=True, proposals=("declined", "accepted")),
        only=TELLS_CONTACT,
    ),
    Scenario(
        "the adviser asks something first",
        (
            ASKED_CLEAR,
            Decides(
                Said(
                    "vraag ze eerst of de gemeente meedoet",
                    (Press("ask"), "of de gemeente meedoet"),
                    Form(fields=(("choice", "ask"), ("question", "of de gemeente meedoet"))),
                )
            ),
            Replies(Said(f"Ja, de gemeente doet mee. Bel me op {PHONE}.")),
            Decides(YES),
        ),
        Ending("accepted", proposals=("accepted",)),
    ),
    Scenario(
        "the adviser hands over to the other organisation",
        (
            ASKED_CLEAR,
            Decides(
                Said(
                    "laat Adviseur zorg dichtbij dit doen",
                    (Press("hand_over"), Press("hand_over", "p006")),
                    Form(fields=(("choice", "hand_over"), ("colleague", "p006"))),
                )
            ),
            Decides(YES),
        ),
        Ending("accepted", proposals=("accepted",)),
        only={("adviser", "chat"): frozenset({"which_colleague"})},  # the button shows who there is
    ),
    Scenario(
        "the adviser chooses the second expert",
        (ASKED_CLEAR, Decides(Said("doe maar nummer 2", web=Form(fields=(("choice", "2"),)))), Replies(MAY_NOT)),
        Ending("introduced", consent=False, proposals=("replaced", "accepted")),
    ),
    Scenario(
        "the adviser comes back to it tomorrow",
        (
            ASKED_CLEAR,
            Decides(
                Said(
                    "Ik kom er morgen op terug",
                    (Press("later"), Press("later", "2026-11-17")),
                    Form(fields=(("choice", "later"), ("day", "2026-11-17"))),
                )
            ),
            Waits(1),
            Decides(YES),
        ),
        Ending("accepted", proposals=("accepted",)),
    ),
    Scenario(
        "how it went after the introduction",
        (ASKED_CLEAR, Decides(YES), Replies(MAY), AskedAfter(), Answers(WENT_WELL)),
        Ending("closed", consent=True, proposals=("accepted",)),
        only=TELLS_CONTACT,
    ),
    Scenario(
        "a begroting comes along",
        (Begins(Said(SHEET)),),
        Ending("review", None, "not_closing", False, frozenset({"dialogue"}), "review"),
    ),
)
