"""What goes wrong on purpose, and for how many requests. Does not carry it out (server.py does)."""

from dataclasses import dataclass, field
from typing import Literal

# flood: 429. hang: done, but no answer ever comes. cut: done, and the line breaks. gateway: 502, nothing done.
FaultKind = Literal["flood", "hang", "cut", "gateway"]
SENDS = frozenset({"sendmessage", "senddocument", "editmessagetext", "editmessagereplymarkup"})


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong: for these methods, in this chat (None: any), so many more times."""

    kind: FaultKind
    times: int
    methods: frozenset[str] = SENDS
    chat_id: int | None = None
    retry_after: int = 1


@dataclass(slots=True)
class Faults:
    """All that will go wrong, the first that fits first."""

    planned: list[Fault] = field(default_factory=list)

    def take(self, method: str, chat_id: str | None) -> Fault | None:
        """Give what goes wrong with this request, counting down."""
        for fault in self.planned:
            if method in fault.methods and (fault.chat_id is None or str(fault.chat_id) == chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
