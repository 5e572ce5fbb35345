"""What a need is, once found: the record alone. How it is found is in inbox/needs.py, which needs numbers to do so."""

from dataclasses import dataclass

MOST_NEEDS = 4
"""As many as one request holds; who asks more asks in several messages."""


@dataclass(frozen=True, slots=True)
class Need:
    """One topic somebody asks help for: `evidence` is an exact piece of the text, `confidence` 0 to 1."""

    code: str
    confidence: float
    evidence: str
