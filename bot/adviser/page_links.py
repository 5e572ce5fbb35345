"""Links to an adviser's own page, sent to the adviser's own mailbox only; bot/web/adviser.py is the page."""

from dataclasses import dataclass
from datetime import timedelta

from bot.accounts import advisers
from bot.links import new_secret
from bot.store import adviser_links, letters
from bot.turn import Turn
from expertise.experts import Expert

LIFE = timedelta(days=14)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 3  # letters that anybody can have sent by typing an address


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The address of a page and the secret in it, with which the adviser may also answer by mail."""

    secret: str
    link: str


def own_page(turn: Turn, adviser: Expert) -> OwnPage:
    """A fresh link to an adviser's own page; only for a letter to that adviser."""
    secret = new_secret()
    adviser_links.keep(turn.db, secret, adviser.id, adviser.email, turn.now, turn.now + LIFE)
    return OwnPage(secret, turn.wiring.links.adviser(secret))


def adviser_at(turn: Turn, address: str) -> Expert | None:
    """The active adviser with this mail address, whatever its case."""
    wanted = address.strip().casefold()
    return next((one for one in advisers(turn) if one.email and one.email.casefold() == wanted), None)


def send_link(turn: Turn, address: str) -> bool:
    """Mail the link to an adviser's page to that adviser; nothing for anybody else, or too often in an hour."""
    adviser = adviser_at(turn, address)
    if adviser is None or too_many(turn, adviser, "adviser_link"):
        return False
    page = own_page(turn, adviser)
    turn.to_person(adviser, None, "adviser_link", page.secret, page_link=page.link)
    return True


def too_many(turn: Turn, adviser: Expert, template: str) -> bool:
    """Whether this letter went to the adviser so often in the last hour that one more would be a nuisance."""
    return letters.count_of(turn.db, adviser.email, template, turn.now - HOUR) >= MOST_AN_HOUR
