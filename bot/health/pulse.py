"""Whether the parts of the running service still live: what each is called, and when it last gave a sign."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["well", "stalled", "ended"]
STALLED_SECONDS = 600.0  # no step takes so long; a clock that waits gives a sign every minute


@dataclass(slots=True)
class Pulse:
    """The threads of a service and their last signs; a part that never gives one only has to be there."""

    seconds: Callable[[], float] = time.monotonic
    threads: dict[str, threading.Thread] = field(default_factory=dict)
    beats: dict[str, float] = field(default_factory=dict)

    def watch(self, thread: threading.Thread) -> None:
        """From now on this thread has to be there."""
        self.threads[thread.name] = thread

    def beat(self, name: str) -> None:
        """A sign of life of a part that goes round and round."""
        self.beats[name] = self.seconds()

    def states(self) -> Mapping[str, State]:
        """How each part is."""
        return {name: self._state(name, thread) for name, thread in self.threads.items()}

    def _state(self, name: str, thread: threading.Thread) -> State:
        if not thread.is_alive():
            return "ended"
        beat = self.beats.get(name)
        return "stalled" if beat is not None and self.seconds() - beat > STALLED_SECONDS else "well"
