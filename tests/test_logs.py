"""The log says what happened with which case, and holds no address, no secret and no word of a message."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.links import new_secret, without_secrets
from bot.settings import Log
from bot.story import Story
from tests.mails import COMPLETE, SHOP, mail

ADDRESS = "iemand@example.org"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """The process logs as before afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    named = {name: logging.getLogger(name).level for name in (*logs.TALKATIVE, *logs.SILENT)}
    ways = {name: (list(logging.getLogger(name).handlers), logging.getLogger(name).propagate) for name in logs.OWN_WAYS}
    yield
    for name, (own, passes_on) in ways.items():
        logging.getLogger(name).handlers[:] = own
        logging.getLogger(name).propagate = passes_on
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in named.items():
        logging.getLogger(name).setLevel(was)


def begin(**settings: Any) -> io.StringIO:
    """Log to memory."""
    stream = io.StringIO()
    logs.begin(Log(**settings), stream)
    return stream


def test_a_record_is_one_json_object_with_its_case() -> None:
    stream = begin(format="json")
    logs.tell("message_handled", message=7, case=3, outcome="proposed", other=None)
    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert record.pop("at").endswith("+00:00")
    assert record == {
        "level": "info", "logger": "mixmatch", "part": "MainThread", "event": "message_handled", "message": 7,
        "case": 3, "outcome": "proposed", "words": "message_handled message=7 case=3 outcome=proposed",
    }  # fmt: skip


def test_the_same_as_text() -> None:
    stream = begin()
    logs.tell("letter_sent", letter=1, case=3)
    assert stream.getvalue().endswith(" INFO mixmatch letter_sent letter=1 case=3\n")


@pytest.mark.parametrize("form", ["text", "json"])
def test_of_an_exception_only_its_kind_and_place_are_told(form: str) -> None:
    stream = begin(format=form)
    try:
        raise ValueError(f"mijn buurvrouw {ADDRESS} is ziek")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    told = stream.getvalue()
    assert "ValueError" in told
    assert "test_logs.py:" in told
    assert "buurvrouw" not in told
    assert ADDRESS not in told


SECRET = "MM-7KQ2V9XWZ4T3HJ8N6PRC"  # written out: a fresh one would give the test another name each time


def test_the_secret_of_the_samples_is_of_the_form_in_use() -> None:
    assert without_secrets(SECRET) == without_secrets(new_secret()) == "MM-…"


@pytest.mark.parametrize(
    "private",
    [ADDRESS, SECRET, "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc", "06-12345678", "NL91ABNA0417164300"],
)
def test_what_other_programs_tell_is_stripped(private: str) -> None:
    stream = begin(format="json")
    logging.getLogger("asyncio").error("failed for %s", private)
    assert "failed for" in stream.getvalue()
    assert private not in stream.getvalue()


def test_a_link_is_told_without_its_secret() -> None:
    stream = begin()
    logging.getLogger("uvicorn.error").error("GET /besluit/IkdlaGVpbSI.abc-def failed")
    assert "IkdlaGVpbSI" not in stream.getvalue()
    assert "/besluit/…" in stream.getvalue()


@given(words=st.text(max_size=200))
def test_a_record_is_always_one_line(words: str) -> None:
    for form in (logs.TextLines(), logs.JsonLines()):
        record = logging.LogRecord("ander", logging.INFO, "bestand.py", 1, words, None, None)
        assert len(form.format(record).splitlines()) == 1


def test_a_record_that_can_not_be_written_out_stops_nothing() -> None:
    stream = begin()
    logging.getLogger("ander").error("%d stuks", "veel")
    assert "%d stuks" in stream.getvalue()


def test_less_is_told_when_asked() -> None:
    stream = begin(level="error")
    logs.tell("message_handled")
    logging.getLogger("mixmatch").error("erg")
    assert stream.getvalue().count("\n") == 1


def test_a_message_is_told_by_number_with_its_case_and_its_letters(story: Story) -> None:
    stream = begin(format="json")
    story.mail_arrives(mail(COMPLETE, now=story.now))
    handled = [json.loads(line) for line in stream.getvalue().splitlines() if '"message_handled"' in line]
    case = story.db.execute("SELECT id FROM cases").fetchone()[0]
    assert [(one["case"], one["message"]) for one in handled] == [(case, 1)]
    assert SHOP not in stream.getvalue()
    assert "@" not in stream.getvalue()
