"""The form of a decision token and where in a message it stands; making and checking tokens belongs elsewhere.

A token is 20 characters of Crockford's base32 (100 bits) behind `MM-`. It travels in the plus-address we
ask an adviser to answer to, and as a line in the letter, so that it survives a client that changes either.
"""

import re

from inbox.message import Message

# re.ASCII matters: without it IGNORECASE also accepts look-alikes such as the Kelvin sign for K.
_TOKEN = re.compile(
    r"(?<![0-9A-Z])MM-([0-9A-HJKMNP-TV-Z]{20})(?![0-9A-Z])",
    re.IGNORECASE | re.ASCII,
)


def tokens_in(text: str) -> tuple[str, ...]:
    """Every token in a text, in upper case, each once, in the order in which they stand there."""
    return tuple(dict.fromkeys("MM-" + found.upper() for found in _TOKEN.findall(text)))


def find_tokens(message: Message) -> tuple[str, ...]:
    """The tokens a message carries, the most trustworthy place first.

    That is: the plus-address it was sent to, then the writer's own text, then the quoted text from the top
    down, so that the youngest letter in a long thread comes before the older ones.
    """
    tags = " ".join(address.partition("+")[2].partition("@")[0] for address in message.recipients)
    places = (tags, message.text, message.quoted, message.own_raw_text)
    return tuple(dict.fromkeys(token for place in places for token in tokens_in(place)))
