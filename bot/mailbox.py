"""The mailbox of the settings as its channel wants it, and the folder in place of a mail server. Opens nothing."""

from bot.channels.imap_box import ImapSettings
from bot.settings import Settings

LOCAL_BOX = "postbus"


def imap_settings(settings: Settings) -> ImapSettings:
    """The mailbox of the settings, as its channel wants it."""
    imap = settings.imap
    return ImapSettings(
        host=imap.host,
        port=imap.port,
        security=imap.security,
        user=imap.user,
        password=imap.password,
        account=settings.programme.address,
        folder=imap.folder,
        done_folder=imap.done_folder,
        poll_seconds=imap.poll_seconds,
        ca_file=imap.ca_file,
    )
