"""Messages that somebody writes on the web page: stored durably before anybody reads them. Answers nothing."""

import hashlib
from datetime import datetime

from sqlite_utils import Database

from bot.store import messages
from bot.store.conversations import Conversation
from inbox.chat import web_line
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
    return messages.keep_raw(
        db,
        web_line(conversation.address, conversation.name, text, now, files),
        channel="web",
        account=ACCOUNT,
        external_id=f"{conversation.address} {said.hexdigest()}",
        envelope_sender=conversation.address,
        now=now,
    )
