"""Whether everything works: what `mixmatch doctor` sees, and the settings without their secrets. Repairs nothing."""

from dataclasses import fields, is_dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.health.here import CHECKS_HERE
from bot.health.looking import look
from bot.health.servers import CHECKS_OF_SERVERS
from bot.health.settings_checks import CHECKS_OF_SETTINGS
from bot.web.signed_in import Desk, Fields, posting, showing


def routes() -> list[Route]:
    """The page, and the button that looks at every part: that takes a while, so looking alone does not."""
    return [
        Route("/bureau/toestand", showing("coordinator", show), methods=["GET"]),
        Route("/bureau/toestand", posting("coordinator", _examine), methods=["POST"]),
    ]


def show(desk: Desk) -> Response:
    """The settings."""
    return desk.page("desk_health.html.j2", findings=None, settings=settings_shown(desk.site.wiring.settings))


def settings_shown(settings: Any, within: str = "") -> list[tuple[str, str]]:
    """Each setting with its value; of one that is not shown elsewhere either (a password) only whether it is there."""
    found: list[tuple[str, str]] = []
    for item in fields(settings):
        value, name = getattr(settings, item.name), f"{within}{item.name}"
        if is_dataclass(value):
            found += settings_shown(value, f"{name}.")
        elif item.repr:
            found.append((name, str(value)))
        else:
            found.append((name, "ingevuld" if value else ""))
    return found


def _examine(desk: Desk, fields_: Fields) -> Response:
    del fields_
    settings = desk.site.wiring.settings
    return desk.page(
        "desk_health.html.j2",
        findings=look(settings, (*CHECKS_OF_SETTINGS, *CHECKS_HERE, *CHECKS_OF_SERVERS)),
        settings=settings_shown(settings),
    )
