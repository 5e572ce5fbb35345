"""Argparse that speaks Dutch: headings, usage and every error. No command is defined here."""

import argparse
import re
import sys
from typing import Any, NoReturn

WRONG_USE = 2

SENTENCES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.+)", r"er ontbreekt: \1"),
    (r"unrecognized arguments: (.+)", r"dit wordt niet herkend: \1"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\2 kan niet bij \1; kies uit \3"),
    (r"argument (\S+): invalid \w+ value: '(.*)'", r"'\2' past niet bij \1: hier hoort een getal"),
    (r"argument (\S+): expected one argument", r"bij \1 hoort een waarde"),
    (r"argument (\S+): expected at least one argument", r"bij \1 hoort minstens één waarde"),
    (r"argument (\S+): ignored explicit argument '(.*)'", r"bij \1 hoort geen waarde (er staat '\2')"),
    (r"ambiguous option: (\S+) could match (.+)", r"\1 kan van alles zijn: \2"),
)


class _DutchHelp(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)


class DutchParser(argparse.ArgumentParser):
    """An ArgumentParser whose help and errors are Dutch."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**{"formatter_class": _DutchHelp, "add_help": False, **keywords})
        self._positionals.title = "wat erbij hoort"
        self._optionals.title = "opties"
        self.add_argument("-h", "--help", action="help", help="deze uitleg tonen")

    def error(self, message: str) -> NoReturn:
        """Print the usage and a Dutch sentence, and leave with 2."""
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"mixmatch: {in_dutch(message)}.\n")


def in_dutch(message: str) -> str:
    """One of argparse's messages in Dutch; an unknown one stays behind a Dutch lead."""
    for pattern, sentence in SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(sentence)
    return f"deze opdracht klopt niet ({message})"
