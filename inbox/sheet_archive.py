"""The XML inside a spreadsheet's ZIP archive, unpacked within bounds and read as a stream; no cells here.

Nothing is unpacked to disk and no tree is built, so memory stays bounded whatever the archive claims of itself.
"""

import io
import zipfile
from typing import Final, Protocol

from lxml import etree

from inbox.sheet_grid import Refused

MAX_UNPACKED: Final = 50_000_000  # bytes of all members together
MAX_MEMBERS: Final = 500
MAX_ELEMENTS: Final = 1_500_000  # of all members that are read: a few seconds
# Sheets pack some ten to thirty times; a member above this ratio is made to exhaust memory.
MAX_RATIO: Final = 200
_RATIO_COUNTS_FROM: Final = 1_000_000
_CHUNK: Final = 65_536
_ENTRY: Final = b"PK\x01\x02"  # begins each entry of the archive's directory
_ENCRYPTED: Final = 0x1


class Reader(Protocol):
    """What gets the XML of one member, piece by piece; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text, possibly in several pieces."""


class Archive:
    """An archive whose directory was checked. Every method raises `Refused`, or what zipfile and lxml raise."""

    def __init__(self, content: bytes) -> None:
        # Counted before zipfile makes an object of every entry.
        if content.count(_ENTRY) > MAX_MEMBERS:
            raise Refused("zip_bomb")
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._left = MAX_UNPACKED
        self._elements = 0
        members = self._zip.infolist()
        self.names = {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}
        if sum(member.file_size for member in members) > MAX_UNPACKED or any(map(_packed_too_well, members)):
            raise Refused("zip_bomb")
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise Refused("encrypted")

    def has(self, name: str) -> bool:
        """Whether the archive has this member; capitals don't count."""
        return name.lower() in self.names

    def holds(self, name: str, words: bytes) -> bool:
        """Whether these bytes stand in a small member."""
        return self.has(name) and words in self._zip.open(self.names[name.lower()]).read(1_000_000)

    def read(self, name: str, reader: Reader) -> None:
        """Stream one member through the reader; a missing one is damage."""
        if not self.has(name):
            raise Refused("damaged")
        parser = etree.XMLParser(
            target=_Target(self, reader), resolve_entities=False, no_network=True, huge_tree=False, recover=False
        )
        with self._zip.open(self.names[name.lower()]) as member:
            while chunk := member.read(_CHUNK):
                # What really comes out counts, not what the directory says.
                self._left -= len(chunk)
                if self._left < 0:
                    raise Refused("zip_bomb")
                parser.feed(chunk)
        parser.close()

    def count_element(self) -> None:
        """One more element was read."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise Refused("too_large")


class _Target:
    """What lxml calls while it reads; refuses a document type, the only place where entities can be declared."""

    def __init__(self, archive: Archive, reader: Reader) -> None:
        self._archive, self._reader = archive, reader

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        self._archive.count_element()
        self._reader.start(_local(_text(tag)), {_local(_text(name)): _text(value) for name, value in attrib.items()})

    def end(self, tag: str | bytes) -> None:
        self._reader.end(_local(_text(tag)))

    def data(self, data: str | bytes) -> None:
        self._reader.data(_text(data))

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        del name, public, system
        raise Refused("zip_bomb")

    def comment(self, text: str | bytes) -> None:
        """Comments say nothing."""
        del text

    def pi(self, target: str, data: str | None = None) -> None:
        """Processing instructions are not followed."""
        del target, data

    def close(self) -> None:
        """Nothing is kept."""


def _text(text: str | bytes) -> str:
    """The text itself: lxml gives str, its type says that it may give bytes."""
    return text if isinstance(text, str) else text.decode()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _packed_too_well(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _RATIO_COUNTS_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)
