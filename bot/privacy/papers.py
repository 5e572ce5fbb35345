"""The papers about personal data, written from the settings and topics in force: register, DPIA, Algoritmeregister.

They are drafts for people to complete; what only an organisation knows is marked with INVULLEN.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.letters import LANGUAGES
from bot.privacy import retention
from bot.settings import Settings
from bot.store import ageing
from bot.week import day_in_words, dutch_day
from expertise.topics import Topic

PAPERS: Mapping[str, str] = {
    "register": "papers/register.md.j2",
    "dpia": "papers/dpia.md.j2",
    "algorithm": "papers/algorithm.md.j2",
}
"""The papers that can be written, with their templates."""


def write(paper: str, settings: Settings, topics: Sequence[Topic], now: datetime) -> str:
    """One of PAPERS as Markdown, in Dutch. Raises KeyError for another name."""
    return _environment().get_template(PAPERS[paper]).render(_facts(settings, topics, now))


def _facts(settings: Settings, topics: Sequence[Topic], now: datetime) -> dict[str, Any]:
    outcomes = (*ageing.OUTCOMES, *ageing.NO_CASE)
    most = settings.programme.keep_months * retention.DAYS_A_MONTH
    return {
        "programme": settings.programme,
        "imap": settings.imap.host,
        "smtp": settings.smtp.host,
        "lmtp": f"{settings.lmtp.host}:{settings.lmtp.port}" if settings.lmtp.port else "",
        "publisher": settings.sharing.publisher,
        "licence": settings.sharing.licence,
        "telegram": bool(settings.telegram.token),
        "pages": settings.web.base_url,
        "model": settings.model.name or "e5-small",
        "topics": [(topic.code, topic.label, topic.definition) for topic in topics],
        "languages": LANGUAGES,
        "retention": [
            *((retention.IN_DUTCH[each], min(retention.days_for(settings, each), most)) for each in outcomes),
            (retention.IN_DUTCH["late"], retention.LATE.days),
        ],
        "made_on": day_in_words(dutch_day(now)),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bot", "texts"),
        autoescape=False,  # noqa: S701 - Markdown of our own settings, read by whoever made these settings
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
