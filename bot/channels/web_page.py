"""Messages and presses that come from the web page: stored durably before anybody reads them. Answers nothing."""

import hashlib
from datetime import datetime

from sqlite_utils import Database

from bot.store import messages
from bot.store.conversations import Conversation
from inbox.chat import web_line, web_press
from inbox.message import Attachment

ACCOUNT = "web"


def keep_message(
    db: Database, conversation: Conversation, press: str, text: str, file: Attachment | None, now: datetime
) -> bool:
    """Store one message; False when the same press of the button brought the same words before."""
    files = () if file is None else (file,)
    said = hashlib.sha256("\n".join((press, text, *(each.filename for each in files))).encode(errors="replace"))
    for each in files:
        said.update(each.content)
    raw = web_line(conversation.address, conversation.name, text, now, files)
    return _keep(db, conversation, raw, said.hexdigest(), now)


def keep_press(db: Database, conversation: Conversation, press: str, button: str, label: str, now: datetime) -> bool:
    """Store that a button was pressed, with the words on it; False when the same press brought it before."""
    raw = web_press(conversation.address, conversation.name, label, button, now)
    pressed = hashlib.sha256(f"{press}\n{button}".encode(errors="replace"))
    return _keep(db, conversation, raw, f"button {pressed.hexdigest()}", now)


def _keep(db: Database, conversation: Conversation, raw: bytes, name: str, now: datetime) -> bool:
    return messages.keep_raw(
        db,
        raw,
        channel="web",
        account=ACCOUNT,
        external_id=f"{conversation.address} {name}",
        envelope_sender=conversation.address,
        now=now,
    )
