"""`mixmatch quarantine …`: show the messages that could not be read, try them again, or put them aside."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.foreign import one_line
from bot.installation import open_store
from bot.reasons import words_or_code
from bot.settings import Settings
from bot.store import events, quarantine
from bot.store.database import transaction
from bot.terminal import WRONG_USE, Refused
from bot.week import DUTCH_TIME

MOST_SHOWN = 20_000  # bytes of a message that nobody could read
_DONE = "Bericht {} is afgehandeld."
_AGAIN = "Bericht {} wordt opnieuw gelezen; dat doet de dienst."
Change = Callable[[Database, int, datetime], bool]


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the actions."""
    return ACTIONS[options.action](options, settings)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        stuck = quarantine.everything(db)
    if options.json:
        rows = [
            {"id": one.id, "channel": one.channel, "received_at": one.received_at.isoformat(), "problem": one.problem}
            for one in stuck
        ]
        print(json.dumps([{**row, "bytes": one.size} for row, one in zip(rows, stuck, strict=True)]))
        return 0
    for one in stuck:
        at = one.received_at.astimezone(DUTCH_TIME)
        print(f"{one.id:6}  {at:%d-%m-%Y %H:%M}  {one.size:>10} bytes  {words_or_code('problem', one.problem)}")
    if not stuck:
        print("Er staat niets in quarantaine.")
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        found = quarantine.find(db, options.id)
        raw = quarantine.raw_of(db, options.id, MOST_SHOWN) if found else b""
    if found is None:
        raise Refused(_unknown(options.id))
    for line in raw.decode("utf-8", "replace").splitlines():
        print(one_line(line))  # a terminal obeys control characters
    if found.size > MOST_SHOWN:
        print(f"… en nog {found.size - MOST_SHOWN} bytes.")
    return 0


def _replay(options: argparse.Namespace, settings: Settings) -> int:
    if bool(options.ids) == options.all:
        raise Refused("Noem de nummers van berichten, of kies --all.", WRONG_USE)
    with open_store(settings) as db:
        wanted = options.ids or [one.id for one in quarantine.everything(db)]
        return _change(db, wanted, _try_again, "message_replayed", _AGAIN)


def _try_again(db: Database, number: int, now: datetime) -> bool:
    del now
    return quarantine.try_again(db, number)


def _put_aside(options: argparse.Namespace, settings: Settings) -> int:
    with open_store(settings) as db:
        return _change(db, options.ids, quarantine.put_aside, "message_put_aside", _DONE)


def _change(db: Database, wanted: Iterable[int], change: Change, event: str, told: str) -> int:
    """Change messages one by one; 1 when one of them was not in quarantine, with the others changed all the same."""
    now, missing = datetime.now(UTC), 0
    for number in dict.fromkeys(wanted):
        with transaction(db):
            done = change(db, number, now)
            if done:
                events.keep(db, None, event, "coordinator", now, "terminal", str(number))
        print(told.format(number) if done else _unknown(number))
        missing += not done
    return min(missing, 1)


def _unknown(number: int) -> str:
    return f"Bericht {number} staat niet in quarantaine. 'mixmatch quarantine list' laat zien welke er wel staan."


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "list": _list, "show": _show, "replay": _replay, "done": _put_aside,
}  # fmt: skip
