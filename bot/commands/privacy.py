"""`mixmatch privacy …`: show, erase and age what is held of people, and the papers about it. The work is elsewhere."""

import argparse
import importlib
from collections.abc import Mapping

from bot.settings import Settings
from bot.terminal import Command

# As bot/cli.py finds a command: each action brings its own, so that a list need not wait for what erasing needs.
FILES: Mapping[str, str] = {
    "export": "privacy_export",
    "erase": "privacy_erase",
    "list": "privacy_wishes",
    "approve": "privacy_wishes",
    "retention": "privacy_retention",
    "register": "privacy_papers",
    "dpia": "privacy_papers",
    "algorithm": "privacy_papers",
}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Run one of the actions."""
    action: Command = importlib.import_module(f"bot.commands.{FILES[options.action]}").run
    return action(options, settings)
