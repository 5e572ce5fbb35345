"""Every page for initiators with all it can show at once, in one language, for tests; nobody in them exists."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bot.web.app import Site
from bot.web.forms import Filled
from bot.web.page_words import say
from bot.web.sharing import HELP_WORDS
from bot.web.talk import Offered, Part, Said

MOMENT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
LONG_ADDRESS = "https://mixmatch.example.org/gesprek/" + "AbCdEfGh" * 12


def sample_pages(site: Site, language: str) -> dict[str, str]:
    """The pages by name, as HTML."""
    filled = Filled("press-press-press-press", text="", name="", contact="")
    problems = {
        "text": say(language, "problem.too_long", length="20.001", most="20.000"),
        "file": say(language, "problem.wrong_file"),
        "choice": say(language, "problem.no_choice"),
        "contact": say(language, "problem.no_contact"),
    }
    asking = {"chosen": language, "query": f"?taal={language}", "address": "programma@example.org", "keep_months": 12}
    shown: dict[str, tuple[str, dict[str, Any]]] = {
        "ask": ("ask.html.j2", {"filled": filled, "problems": {}, **asking}),
        "ask again": ("ask.html.j2", {"filled": filled, "problems": problems, **asking}),
        "conversation": ("conversation.html.j2", _conversation(language, filled, problems)),
        "conversation reads": (
            "conversation.html.j2",
            {**_conversation(language, filled, {}), "waiting": True, "reloads": True},
        ),
        "contact": (
            "conversation.html.j2",
            {**_conversation(language, filled, {}), "asks_consent": "", "contact": "tuin@example.org"},
        ),
        "contact later": ("conversation.html.j2", {**_conversation(language, filled, {}), "asks_consent": ""}),
        "sharing": ("sharing.html.j2", _sharing(language, problems)),
        "stop": ("stop.html.j2", {"path": "/gesprek/x", "filled": filled}),
        "consent": (
            "decide_consent.html.j2",
            {"warning": "x", "experts": [{"name": "Adviseur", "organisation": "KNHM"}]},
        ),
    }
    return {
        name: bytes(site.page(template, language=language, **facts).body).decode()
        for name, (template, facts) in shown.items()
    }


def _sharing(language: str, problems: dict[str, str]) -> dict[str, Any]:
    other = {"code": "x", "name": "SV-2026-0001", "area": "Oss", "shared": [], "needs": [], "wished": False}
    return {
        "path": "/delen/x",
        "case": SimpleNamespace(reference="SV-2026-0002"),
        "saved": True,
        "similar": [other, {**other, "needs": ["x"], "shared": ["KNHM"], "wished": True}],
        "lesson": say(language, "sharing.others_yes"),
        "others": "yes",
        "recommended": [("x", "KNHM", "yes")],
        "helps": HELP_WORDS,
        "problems": {"lesson": problems["text"]},
    }


def _conversation(language: str, filled: Filled, problems: dict[str, str]) -> dict[str, Any]:
    own = Part(language, "auto", say(language, "wish.status"))
    said = [
        Said(MOMENT, True, "", (own,), "handled", ("begroting.xlsx",)),
        Said(MOMENT, True, "", (own,), "received"),
        Said(MOMENT, True, "", (own,), "quarantined"),
        Said(MOMENT, False, "SV-2026-0001", (own,), "letter", key="last"),
    ]
    return {
        "path": "/gesprek/x",
        "query": "",
        "address": LONG_ADDRESS,
        "talk": said,
        "offered": Offered("last", (("1", "a"), ("2", "b"))),
        "waiting": True,
        "reloads": False,
        "standing": [{"reference": "SV-2026-0001", "words": say(language, "page.footer"), "language": language}],
        "running": True,
        "asks_consent": "SV-2026-0002",
        "asks_contact": True,
        "contact": "",
        "filled": filled,
        "problems": problems,
    }


def read_aloud(page: str) -> str:
    """What a reader of a page sees or hears, but for what says to be Dutch: the name of the programme."""
    kept = re.sub(r'<(\w+)[^>]* lang="nl"[^>]*>.*?</\1>', " ", page.partition("<body>")[2], flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', kept)
    title = re.search(r"<title>(.*?)</title>", page)
    return " ".join([title[1] if title else "", *labels, re.sub(r"<[^>]*>", " ", kept)])
