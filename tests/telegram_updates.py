"""Updates as Telegram writes them, and as they are stored, for tests; roles, no persons."""

import base64
import json
from typing import Any

BOT = {"id": 4200, "username": "mixmatch_bot"}
SAM: dict[str, Any] = {"id": 77, "is_bot": False, "first_name": "Bewoner", "language_code": "nl"}
PRIVATE = {"id": 77, "type": "private", "first_name": "Bewoner"}
GROUP = {"id": -100200, "type": "supergroup", "title": "Buurt"}
DATE = 1_795_000_000
Json = dict[str, Any]


def message(text: str | None = None, **fields: Any) -> Json:
    """A message of a resident in the private chat; None for one without text."""
    words = {} if text is None else {"text": text}
    return {"message_id": 5, "from": SAM, "chat": PRIVATE, "date": DATE, **words, **fields}


def stored(body: Json, kind: str = "message", *, files: list[Json] | None = None, update_id: int = 9) -> bytes:
    """The bytes of an update in the store."""
    return json.dumps({"update": {"update_id": update_id, kind: body}, "files": files or [], "bot": BOT}).encode()


def file(content: bytes, name: str = "begroting.csv", media_type: str = "text/csv") -> Json:
    """A file that was fetched."""
    known = {"file_id": "F1", "name": name, "media_type": media_type}
    return {**known, "content": base64.b64encode(content).decode()}
