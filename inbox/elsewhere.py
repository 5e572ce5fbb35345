"""About what somebody asks who is not for this programme, so that we can say who is; the pointers are bot's words."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal, get_args

from inbox.folding import bare

Elsewhere = Literal[
    "danger", "care", "debt", "work", "housing", "business", "papers", "street", "subsidy", "unknown"
]  # fmt: skip


def subject_elsewhere(text: str) -> Elsewhere:
    """The subject of a message that another should answer; "unknown" when no word tells it.

    Who names several gets the most pressing one, which stands first.
    """
    plain = bare(text)
    return next((code for code, words in _subjects().items() if words.search(plain)), "unknown")


@cache
def _subjects() -> dict[Elsewhere, re.Pattern[str]]:
    data = tomllib.loads(resources.files("inbox").joinpath("elsewhere.toml").read_text("utf-8"))
    return {code: re.compile(rf"\b(?:{'|'.join(data[code])})\b") for code in get_args(Elsewhere) if code in data}
