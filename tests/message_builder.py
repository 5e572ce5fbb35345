"""Messages for tests: only what matters is named."""

from inbox.message import Channel, Message


def message(text: str, subject: str = "", channel: Channel = "mail", automatic: str | None = None) -> Message:
    """A message of an initiator with this text."""
    return Message(
        external_id="test",
        channel=channel,
        sender="initiatiefnemer@example.org",
        sender_name="",
        recipients=(),
        subject=subject,
        text=text,
        quoted="",
        sent_at=None,
        message_id="",
        in_reply_to="",
        references=(),
        automatic=automatic,
        attachments=(),
        defects=(),
        own_raw_text=text,
    )
