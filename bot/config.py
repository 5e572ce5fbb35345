"""Reads and checks the settings: a TOML file, overridden by MIXMATCH_… variables, before anything starts.

Which settings there are stands in bot/settings.py; nothing acts here.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from bot.mail_address import BadAddress, mailable
from bot.settings import Clock, Settings, Telegram, addresses_in

LARGEST = 65535  # the largest port; no other number has to be larger
LONGEST_WAIT = 250  # working days, weeks or months: nobody waits longer than a year's working days
MOST_CLOSED_DAYS = 200
HOURS = 24


class BadSettings(ValueError):
    """A setting is unknown, of the wrong kind or missing; the message is Dutch and names it."""


def settings_file(named: str | None, environment: Mapping[str, str]) -> Path | None:
    """The file that a person or MIXMATCH_CONFIG named, else mixmatch.toml in this folder; None when there is none."""
    chosen = named or environment.get("MIXMATCH_CONFIG")
    if chosen:
        return Path(chosen)
    beside = Path("mixmatch.toml")
    return beside if beside.exists() else None


def read_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file (optional) with the environment on top: MIXMATCH_SMTP_HOST is [smtp] host.

    Raises `BadSettings` with a Dutch sentence that names the setting.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as problem:
            raise BadSettings(f"Het instellingenbestand {path} kan niet worden gelezen.") from problem
        except (ValueError, RecursionError) as problem:  # what tomllib raises for bad text, giant numbers, deep nesting
            raise BadSettings(f"Het instellingenbestand {path} is geen geldig TOML: {problem}") from problem
    for place, text in _from_environment(environment):
        _put(values, place, text)
    return _check(_record(Settings, values, ""))


def _put(values: dict[str, Any], place: tuple[str, ...], text: str) -> None:
    """Write one variable over what the file said; a section that is no table in the file is refused later."""
    *sections, name = place
    table = values
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            return
    table[name] = text


def _from_environment(environment: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
    sections = {item.name for item in fields(Settings) if is_dataclass(item.type)}
    found: list[tuple[tuple[str, ...], str]] = []
    for variable, text in sorted(environment.items()):
        if not variable.startswith("MIXMATCH_") or variable == "MIXMATCH_CONFIG":
            continue
        name = variable.removeprefix("MIXMATCH_").lower()
        section, _, rest = name.partition("_")
        found.append(((section, rest) if section in sections and rest else (name,), text))
    return found


T = TypeVar("T")


def _record(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    hints = get_type_hints(kind)
    cells: dict[str, Any] = {}
    for name, value in values.items():
        place = f"{where}{name}"
        if name not in hints:
            raise BadSettings(f"De instelling {place} bestaat niet.")
        cells[name] = _value(hints[name], value, place)
    return kind(**cells)


def _value(kind: Any, value: Any, place: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, Mapping):
            raise BadSettings(f"De instelling {place} moet een tabel zijn: [{place}].")
        return _record(kind, value, f"{place}.")
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise BadSettings(f"De instelling {place} kan zijn: {', '.join(get_args(kind))}. Er staat: {value}.")
        return value
    if kind is int:
        if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
            raise BadSettings(f"De instelling {place} moet een heel getal van 0 tot en met {LARGEST} zijn.")
        return value
    if not isinstance(value, str) or not value.isprintable():
        raise BadSettings(f"De instelling {place} moet gewone tekst op één regel zijn.")
    return value


def _check_telegram(telegram: Telegram) -> None:
    if telegram.token and not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", telegram.token):
        raise BadSettings("De instelling telegram.token is geen sleutel van een Telegram-bot.")
    for name in ("base_url", "base_file_url"):
        if not getattr(telegram, name).startswith(("http://", "https://")):
            raise BadSettings(f"De instelling telegram.{name} moet met http:// of https:// beginnen.")
    if telegram.mode == "polling":
        return
    if not telegram.webhook_url.startswith(("https://", "http://")):  # http only behind a Bot API server of one's own
        raise BadSettings("Bij telegram.mode = webhook hoort telegram.webhook_url, en die begint met https://.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", telegram.webhook_secret):
        raise BadSettings(
            "Bij telegram.mode = webhook hoort telegram.webhook_secret: 16 tot 256 letters, cijfers, _ of -."
        )


def _check_clock(clock: Clock) -> None:
    try:
        closed = len(clock.closed)
    except ValueError as problem:
        raise BadSettings(
            "De instelling clock.closed_days moet een rij datums zijn, zoals 2026-12-24; 2026-12-31."
        ) from problem
    if closed > MOST_CLOSED_DAYS:
        raise BadSettings(f"De instelling clock.closed_days mag {MOST_CLOSED_DAYS} dagen noemen, niet meer.")
    for item in fields(Clock):
        value = getattr(clock, item.name)
        if isinstance(value, int) and not (0 if item.name == "first_hour" else 1) <= value <= LONGEST_WAIT:
            raise BadSettings(f"De instelling clock.{item.name} moet van 1 tot en met {LONGEST_WAIT} zijn.")
    if clock.hand_on_days <= clock.reminder_days:
        raise BadSettings("De instelling clock.hand_on_days moet hoger zijn dan clock.reminder_days.")
    if not clock.first_hour < clock.last_hour <= HOURS:
        raise BadSettings("De instelling clock.last_hour moet later zijn dan clock.first_hour, en hoogstens 24.")


def _check(settings: Settings) -> Settings:
    _check_telegram(settings.telegram)
    _check_clock(settings.clock)
    if settings.imap.host and not (settings.imap.user and settings.imap.password):
        raise BadSettings("Bij imap.host horen ook imap.user en imap.password.")
    for name in ("address", "coordinator"):
        try:
            mailable(getattr(settings.programme, name))
        except BadAddress as problem:
            raise BadSettings(f"De instelling programme.{name} moet een mailadres zijn.") from problem
    for name in ("coordinators", "readers"):
        try:
            for each in addresses_in(getattr(settings.programme, name)):
                mailable(each)
        except BadAddress as problem:
            raise BadSettings(
                f"De instelling programme.{name} moet een rij mailadressen zijn, met ; ertussen."
            ) from problem
    if not settings.web.base_url.startswith(("http://", "https://")):
        raise BadSettings("De instelling web.base_url moet met http:// of https:// beginnen.")
    return settings
