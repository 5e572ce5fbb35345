"""`mixmatch ask`: a conversation in the terminal, by the same engine as mail and chat."""

import argparse
import sys
from datetime import UTC, datetime

from sqlite_utils import Database

from bot import flow
from bot.channels import console
from bot.installation import open_store
from bot.mail_address import BadAddress, mailable
from bot.pool_vectors import PoolShelf
from bot.settings import Settings
from bot.terminal import WRONG_USE, Refused, progress
from bot.wiring import Wiring, wire

STOP = {"stop", "quit", "exit", "/stop"}
GREETING = """Welkom bij Mix&Match. Vertel wat je wilt doen met je initiatief en wat je nodig hebt.
Een computer leest je bericht, een mens beslist. Stoppen? Typ: stop."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Talk until the person stops or the input ends."""
    try:
        address = mailable(options.address)
    except BadAddress as problem:
        raise Refused("Geef een goed mailadres, bijvoorbeeld --as naam@example.org.", WRONG_USE) from problem
    wiring = wire(settings, progress)
    shelf = PoolShelf(wiring.encoder)
    with open_store(settings) as db:
        print(GREETING)
        _show_letters(db, address)
        while (line := _next_line()) is not None:
            _say(db, wiring, shelf, address, line)
    print("Tot ziens. We bewaren je vraag; kom gerust terug.")
    return 0


def _next_line() -> str | None:
    """The next line that says something; None at the end."""
    while True:
        print("\njij> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line or line.strip().lower() in STOP:
            return None
        if line.strip():
            return line.strip()


def _say(db: Database, wiring: Wiring, shelf: PoolShelf, address: str, line: str) -> None:
    console.keep_line(db, address, "", line, datetime.now(UTC))
    while flow.process_one_message(db, wiring, shelf, datetime.now(UTC)):
        pass
    if not _show_letters(db, address):
        print("Dank je wel, we hebben je bericht bewaard.")


def _show_letters(db: Database, address: str) -> bool:
    shown = False
    for letter in console.take_letters(db, address, datetime.now(UTC)):
        print(f"\n{letter.text.strip()}")
        shown = True
    return shown
