"""How often something may be done from one address in an hour; kept in memory only, never written down."""

import ipaddress
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Limit:
    """Lets at most `most` through from one client address an hour; what is older than that is forgotten."""

    most: int
    _seen: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def let_in(self, client: str, now: datetime) -> bool:
        """Count one more from this address; False, and not counted, when there were too many."""
        with self._lock:
            self._forget(now - HOUR)
            seen = self._seen.setdefault(_household(client), deque())
            if len(seen) >= self.most:
                return False
            seen.append(now)
            return True

    def is_reached(self, client: str, now: datetime) -> bool:
        """Whether one more from this address would be too many; counts nothing."""
        with self._lock:
            self._forget(now - HOUR)
            return len(self._seen.get(_household(client), ())) >= self.most

    def _forget(self, before: datetime) -> None:
        for client, seen in list(self._seen.items()):
            while seen and seen[0] <= before:
                seen.popleft()
            if not seen:
                del self._seen[client]


def _household(client: str) -> str:
    """The part of an address that one connection has: an IPv6 connection owns its whole /64."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((int(address), 64), strict=False))
