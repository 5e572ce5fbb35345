"""The settings as records, a section each, with what counts when nothing is set; reading and checking them is not here.

bot/config.py fills them from a file and from MIXMATCH_… variables.
"""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Security = Literal["tls", "starttls", "none"]
GOAL = 30  # initiatives a year: the programme's aim, coming from eleven


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
class Mail:
    """What counts for all mail that comes in. `authserv_id` is how our own mail server signs what it checked.

    That is the first word behind Authentication-Results (RFC 8601). Without it that header is never looked at.
    """

    authserv_id: str = ""


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

    From one address at most `conversations_an_hour` people may begin a conversation. Without a `metrics_key` only
    this machine itself may read /metrics.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = "http://127.0.0.1:8080"
    conversations_an_hour: int = 20
    metrics_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Model:
    """Which sentence-transformers model reads: a hub name, a local folder, or "e5-small" for the shipped one."""

    name: str = "e5-small"
    cache: str = ""


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses of a setting that names several, joined by ;."""
    return tuple(each.strip() for each in text.split(";") if each.strip())


@dataclass(frozen=True, slots=True)
class Programme:
    """What the programme itself decides. `coordinator` gets the letters.

    `coordinators` may sign in beside the coordinator, `readers` see figures only: "a@example.org; b@example.org".
    """

    address: str = "socialeveerkracht@example.org"
    name: str = "Mix&Match, Versterken Sociale Veerkracht"
    coordinator: str = "coordinator@example.org"
    coordinators: str = ""
    readers: str = ""
    letters_a_day: int = 20
    proposal_days: int = 30
    keep_months: int = 12

    @property
    def all_coordinators(self) -> tuple[str, ...]:
        """The addresses of everyone who may work at the desk."""
        return tuple(dict.fromkeys((self.coordinator, *addresses_in(self.coordinators))))

    @property
    def all_readers(self) -> tuple[str, ...]:
        """The addresses of those who may see figures."""
        return addresses_in(self.readers)


@dataclass(frozen=True, slots=True)
class Clock:
    """How long we wait for people. Days are working days, `closed_days` such as "2026-12-24; 2026-12-31" are none.

    `hand_on_days` count from when the adviser got the proposal, `close_days` from the reminder to the initiator,
    weeks and months after the introduction. Letters that nobody waits for leave from `first_hour` up to `last_hour`.
    """

    reminder_days: int = 2
    hand_on_days: int = 5
    initiator_reminder_days: int = 5
    close_days: int = 20
    review_reminder_days: int = 5
    follow_up_weeks: int = 4
    follow_up_months: int = 3
    last_weeks: int = 4
    first_hour: int = 8
    last_hour: int = 18
    closed_days: str = ""

    @property
    def closed(self) -> frozenset[date]:
        """The closed days as dates. Raises ValueError for text that is no list of dates."""
        return frozenset(date.fromisoformat(day.strip()) for day in self.closed_days.split(";") if day.strip())


@dataclass(frozen=True, slots=True)
class Report:
    """The weekly report; `goal` is how many initiatives a year should meet an expert, 0 for no goal."""

    goal: int = GOAL


@dataclass(frozen=True, slots=True)
class Log:
    """How the service logs: lines for a person, or a JSON object a line."""

    format: Literal["text", "json"] = "text"
    level: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who publishes the open data, and under which licence (an SPDX code)."""

    publisher: str = "Versterken Sociale Veerkracht, Noord-Brabant"
    licence: str = "CC0-1.0"


@dataclass(frozen=True, slots=True)
class Privacy:
    """For how many days words stay after the last contact, by what became of them; never longer than `keep_months`.

    `silent_days` is for a case that never came to an end, `no_case_days` for messages that belong to none.
    """

    introduced_days: int = 365
    unserved_days: int = 365
    silent_days: int = 365
    closed_days: int = 180
    stopped_days: int = 90
    referred_days: int = 30
    offer_days: int = 180
    quarantined_days: int = 90
    no_case_days: int = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    data_dir: str = ""
    topics_file: str = ""
    mail: Mail = Mail()
    imap: Imap = Imap()
    smtp: Smtp = Smtp()
    lmtp: Lmtp = Lmtp()
    telegram: Telegram = Telegram()
    web: Web = Web()
    model: Model = Model()
    programme: Programme = Programme()
    clock: Clock = Clock()
    log: Log = Log()
    sharing: Sharing = Sharing()
    report: Report = Report()
    privacy: Privacy = Privacy()

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
    def sending_server(self) -> str:
        """The server that sends, by name and port; "" while mail stays in the local mailbox."""
        return f"{self.smtp.host}:{self.smtp.port}" if self.smtp.host else ""

    @property
    def chat_server(self) -> str:
        """The server by which letters go to chats; "" without a bot."""
        return urlsplit(self.telegram.base_url).netloc.rpartition("@")[2] if self.telegram.token else ""

    @property
    def servers_out(self) -> tuple[str, ...]:
        """Every server by which letters leave this machine."""
        return tuple(filter(None, (self.sending_server, self.chat_server)))

    @property
    def proposal_life(self) -> timedelta:
        """How long the secret of a proposal works."""
        return timedelta(days=self.programme.proposal_days)
