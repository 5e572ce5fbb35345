"""The bytes of an attached XLSX, ODS or CSV file to rows of cells, safely; what the cells mean is not known here."""

import zipfile
from dataclasses import dataclass
from typing import Final

from inbox.message import Attachment
from inbox.sheet_archive import Archive
from inbox.sheet_csv import read_csv
from inbox.sheet_grid import Refused, Sheet
from inbox.sheet_ods import CONTENT, read_ods
from inbox.sheet_xlsx import MACROS, WORKBOOK, read_xlsx
from inbox.shown_budget import SheetRefusal

__all__ = ["MAX_BYTES", "SheetRefusal", "Workbook", "is_sheet", "read_workbook"]

MAX_BYTES: Final = 10_000_000

_ENDINGS: Final = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".ots", ".csv", ".tsv")
_MEDIA_TYPES: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
        "text/csv",
        "text/tab-separated-values",
    }
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of an encrypted XLSX, and of Excel before 2007
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of one file; `macros` when it carries a program, which nobody ran."""

    filename: str
    sheets: tuple[Sheet, ...]
    macros: bool = False


def is_sheet(attachment: Attachment) -> bool:
    """Whether a file calls itself a spreadsheet, by its name or its media type."""
    return attachment.filename.lower().endswith(_ENDINGS) or attachment.media_type.lower() in _MEDIA_TYPES


def read_workbook(attachment: Attachment) -> Workbook | SheetRefusal:
    """The cells of a spreadsheet; formulas by the value the file keeps of them. Never raises.

    At most 10 MB are read and 50 MB unpacked, in a few seconds and less than 100 MB of memory.
    """
    try:
        return _read(attachment.filename, attachment.content)
    except Refused as refused:
        return SheetRefusal(attachment.filename, refused.code)
    except MemoryError:
        return SheetRefusal(attachment.filename, "too_large")
    except Exception:
        # A damaged archive makes zipfile, zlib, lxml and csv raise almost anything; for the sender it is one fault.
        return SheetRefusal(attachment.filename, "damaged")


def _read(name: str, content: bytes) -> Workbook:
    if len(content) > MAX_BYTES:
        raise Refused("too_large")
    if content.startswith(_OLE):
        raise Refused("encrypted" if _ENCRYPTED_PACKAGE in content else "old_format")
    if content.startswith(b"PK"):
        return _from_archive(name, content)
    if not name.lower().endswith((".csv", ".tsv")) and b"\0" in content[:1_000]:
        raise Refused("damaged")
    return Workbook(name, read_csv(content, ""))


def _from_archive(name: str, content: bytes) -> Workbook:
    try:
        archive = Archive(content)
    except zipfile.BadZipFile:
        raise Refused("damaged") from None
    if archive.has(WORKBOOK):
        return Workbook(name, read_xlsx(archive), archive.has(MACROS))
    if archive.has("xl/workbook.bin"):
        raise Refused("old_format")
    if archive.has(CONTENT):
        return Workbook(name, read_ods(archive))
    raise Refused("damaged")
