"""The bot at Telegram that the settings name, as its channel wants it. Connecting to it is the channel's work."""

from bot.channels.telegram_bot import TelegramSettings
from bot.settings import Settings


def telegram_settings(settings: Settings) -> TelegramSettings:
    """The bot of the settings, as its channel wants it."""
    telegram = settings.telegram
    return TelegramSettings(
        token=telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        mode=telegram.mode,
        webhook_url=telegram.webhook_url,
        webhook_secret=telegram.webhook_secret,
    )
