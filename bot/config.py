"""The settings: a TOML file, overridden by MIXMATCH_… variables, checked before anything starts; nothing acts here."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from bot.mime import BadAddress, mailable

Security = Literal["tls", "starttls", "none"]
LARGEST = 65535  # the largest port; no other number has to be larger


class BadSettings(ValueError):
    """A setting is unknown, of the wrong kind or missing; the message is Dutch and names it."""


@dataclass(frozen=True, slots=True)
class Imap:
    """The mailbox that is read; without a host no mailbox is read."""

    host: str = ""
    port: int = 993
    security: Security = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"
    done_folder: str = "Verwerkt"
    poll_seconds: int = 60
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server that sends; without a host, mail is kept in the local mailbox."""

    host: str = ""
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_seconds: int = 30
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Lmtp:
    """The local listener for mail; port 0 switches it off."""

    host: str = "127.0.0.1"
    port: int = 8025
    protocol: Literal["lmtp", "smtp"] = "lmtp"


@dataclass(frozen=True, slots=True)
class Telegram:
    """The bot; without a token there is none. `webhook_url` leads to /telegram on the pages of this service."""

    token: str = field(default="", repr=False)
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Web:
    """The pages; `base_url` is what links in letters begin with.

    From one address at most `conversations_an_hour` people may begin a conversation.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = "http://127.0.0.1:8080"
    conversations_an_hour: int = 20


@dataclass(frozen=True, slots=True)
class Model:
    """Which sentence-transformers model reads: a hub name, a local folder, or "e5-small" for the shipped one."""

    name: str = "e5-small"
    cache: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """What the programme itself decides."""

    address: str = "socialeveerkracht@example.org"
    name: str = "Mix&Match, Versterken Sociale Veerkracht"
    coordinator: str = "coordinator@example.org"
    letters_a_day: int = 20
    proposal_days: int = 30
    keep_months: int = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    data_dir: str = ""
    topics_file: str = ""
    imap: Imap = Imap()
    smtp: Smtp = Smtp()
    lmtp: Lmtp = Lmtp()
    telegram: Telegram = Telegram()
    web: Web = Web()
    model: Model = Model()
    programme: Programme = Programme()

    @property
    def folder(self) -> Path:
        """Where the database, the signing key and the local mailbox live."""
        if self.data_dir:
            return Path(self.data_dir)
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "mixmatch"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "mixmatch.db"

    @property
    def model_cache(self) -> Path:
        """Where a converted model is kept between starts."""
        if self.model.cache:
            return Path(self.model.cache)
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mixmatch"

    @property
    def sends_locally(self) -> bool:
        """True when outgoing mail stays in the local mailbox."""
        return not self.smtp.host

    @property
    def proposal_life(self) -> timedelta:
        """How long the secret of a proposal works."""
        return timedelta(days=self.programme.proposal_days)


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


def _check(settings: Settings) -> Settings:
    _check_telegram(settings.telegram)
    if settings.imap.host and not (settings.imap.user and settings.imap.password):
        raise BadSettings("Bij imap.host horen ook imap.user en imap.password.")
    for name in ("address", "coordinator"):
        try:
            mailable(getattr(settings.programme, name))
        except BadAddress as problem:
            raise BadSettings(f"De instelling programme.{name} moet een mailadres zijn.") from problem
    if not settings.web.base_url.startswith(("http://", "https://")):
        raise BadSettings("De instelling web.base_url moet met http:// of https:// beginnen.")
    return settings
