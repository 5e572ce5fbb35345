"""What somebody filled in on a page for initiators: read from the request and checked. Stores and decides nothing."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from bot.foreign import one_line, shorten
from bot.initiator.contact import readable_contact
from bot.web.app import LARGEST_FILE, site_of
from bot.web.page_words import number, say
from inbox.body import safe_filename
from inbox.message import Attachment

LONGEST_TEXT = 20_000  # characters; as much as the reader reads
LONGEST_NAME = 100
PRESS = re.compile(r"[\w-]{22,64}", re.ASCII)
ZIP = b"PK\x03\x04"  # what XLSX and ODS begin with; with a password on it they begin with something else
MEDIA_TYPES: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}
Problems = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form; `press` is the same when one press of the button arrives twice.

    `case` is the reference of the case that the form is about.
    """

    press: str
    text: str = ""
    name: str = ""
    choice: str = ""
    contact: str = ""
    case: str = ""
    file: Attachment | None = None


def empty_form() -> Filled:
    """A form as it is shown for the first time."""
    return Filled(secrets.token_urlsafe(24))


async def read_form(request: Request) -> Filled:
    """What was filled in; of a file at most one byte more than is allowed. Raises HTTPException for a broken form."""
    async with request.form(max_files=1, max_fields=10) as form:
        press = _words(form, "press")
        return Filled(
            press=press if PRESS.fullmatch(press) else secrets.token_urlsafe(24),
            text=_words(form, "text").replace("\r\n", "\n").replace("\x00", "").strip(),
            name=shorten(one_line(_words(form, "name")), LONGEST_NAME),
            choice=_words(form, "choice"),
            contact=one_line(_words(form, "contact")),
            case=_words(form, "case"),
            file=await _file(form),
        )


def _words(form: FormData, field: str) -> str:
    value = form.get(field, "")
    return value if isinstance(value, str) else ""


async def _file(form: FormData) -> Attachment | None:
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    name = safe_filename(upload.filename)
    media_type = MEDIA_TYPES.get(_ending(name), "application/octet-stream")
    return Attachment(name, media_type, await upload.read(LARGEST_FILE + 1))


def problems_in(filled: Filled, language: str, *, question: bool) -> dict[str, str]:
    """What is wrong with a message, a sentence a field in this language; an answer to us may also be a file alone."""
    problems: dict[str, str] = {}
    if not filled.text and (question or filled.file is None):
        problems["text"] = say(language, "problem.no_question" if question else "problem.no_answer")
    if len(filled.text) > LONGEST_TEXT:
        length, most = number(language, len(filled.text)), number(language, LONGEST_TEXT)
        problems["text"] = say(language, "problem.too_long", length=length, most=most)
    if filled.file is not None and (problem := _problem_of(filled.file)):
        problems["file"] = say(language, f"problem.{problem}")
    return problems


def _problem_of(file: Attachment) -> str:
    ending = _ending(file.filename)
    if ending not in MEDIA_TYPES:
        return "wrong_file"
    if len(file.content) > LARGEST_FILE:
        return "file_too_big"
    if not file.content.strip():
        return "file_empty"
    if ending == "csv":
        binary = b"\x00" in file.content and not file.content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return "not_csv" if binary else ""
    if not file.content.startswith(ZIP):
        return "file_locked"
    return ""


def problems_in_contact(told: str, language: str) -> dict[str, str]:
    """What is wrong with how somebody says to be reached."""
    if readable_contact(told) is not None:
        return {}
    return {"contact": say(language, "problem.no_contact")}


def from_elsewhere(request: Request) -> bool:
    """Whether a form was sent from a page that is not ours. Who holds no browser sends neither of these headers."""
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    own = {request.headers.get("host", ""), urlsplit(site_of(request).wiring.settings.web.base_url).netloc}
    return urlsplit(origin).netloc not in own - {""}


def _ending(name: str) -> str:
    return name.lower().rpartition(".")[2]
