"""A local Telegram Bot API server for tests, over real HTTP, with Telegram's own semantics and a hand on every fault.

Start it with `with BotApi() as telegram:` (server.py); what people do is in controls.py. No tests live here.
"""

from tests.bot_api.server import BotApi

__all__ = ["BotApi"]
