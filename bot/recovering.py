"""What a service that was ended in the middle had in hand: settled when the next one starts, before it takes up work.

Only for whoever holds the installation (service_lock.py): while another service runs, its work is in hand.
"""

from datetime import datetime

from sqlite_utils import Database

from bot import logs
from bot.channels.telegram_bot import PREFIX
from bot.store import letters, messages
from bot.store.database import transaction


def settle_work_in_hand(db: Database, now: datetime) -> None:
    """Letters that were leaving get an unknown fate, and messages that were being read their next try, at once.

    Without this both come right as well, once their leases have run out; until then a chat hears nothing.
    """
    with transaction(db):
        lost, freed = letters.mark_left_behind(db, PREFIX), messages.free_claimed(db, now)
    if lost or freed:
        logs.tell("recovered", letters=lost, messages=freed)
