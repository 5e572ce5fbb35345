"""Whether everything works: what `mixmatch doctor` sees, and the settings without their secrets. Repairs nothing."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bot.health import here
from bot.health.here import CHECKS_HERE
from bot.health.looking import Finding, look
from bot.health.servers import CHECKS_OF_SERVERS
from bot.health.settings_checks import CHECKS_OF_SETTINGS
from bot.settings import Settings
from bot.web.signed_in import Desk, Fields, posting, showing

NAME = "settings_file"
ADVICE = "Wie de computer beheert, ziet met 'mixmatch doctor' wat er moet gebeuren."
VERDICTS = {
    True: Finding(NAME, True, "Rechten: het bestand met instellingen is niet voor anderen."),
    False: Finding(NAME, False, "Rechten: anderen kunnen bij de instellingen, met de wachtwoorden.", ADVICE),
}
NOT_SEEN = Finding(NAME, False, "Rechten: het bestand met instellingen is niet te vinden of niet te bekijken.", ADVICE)


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
    wiring = desk.site.wiring

    def settings_file(_: Settings) -> list[Finding]:
        return _verdict_on(wiring.settings_file)

    return desk.page(
        "desk_health.html.j2",
        findings=look(wiring.settings, (*CHECKS_OF_SETTINGS, settings_file, *CHECKS_HERE, *CHECKS_OF_SERVERS)),
        settings=settings_shown(wiring.settings),
    )


def _verdict_on(path: Path | None) -> list[Finding]:
    """What the doctor finds of the file with the passwords, without telling where it stands."""
    try:
        return [VERDICTS[each.well] for each in here.settings_file(path)]
    except OSError:
        return [NOT_SEEN]
