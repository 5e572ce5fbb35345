"""The plainest messages are kept in a table: to learn from, and others to judge by that nothing learns from."""

from pathlib import Path

import pytest

from bot.learning.cases import UNSEEN, BadCases
from bot.learning.plain_messages import FILE, UNSEEN_FOLDER, read_plain_messages, read_unseen_plain
from bot.learning.plain_table import PlainMessage, as_plain_table
from expertise.topics import shipped_topics

CASES = Path(__file__).parent.parent / "cases"
SAMPLES = (
    PlainMessage("request", ("governance",), "statuten nakijken aub"),
    PlainMessage("request", ("funders", "communication"), 'sponsors, en iets als "een website"'),
    PlainMessage("offer", (), "Ben jurist, help graag, ook bij jullie"),
)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(as_plain_table(SAMPLES), encoding="utf-8")
    assert read_plain_messages(tmp_path) == SAMPLES


def test_without_a_table_there_are_none(tmp_path: Path) -> None:
    assert read_plain_messages(tmp_path) == ()
    assert read_unseen_plain(tmp_path) == ()


@pytest.mark.parametrize(
    "line",
    [
        "question,,Wie helpt?",
        "request,,Wie helpt?",
        "offer,data,Ik reken graag",
        "thanks,, ",
        "request,data",
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(f"kind,needs,text\nthanks,,Dank je wel\n{line}\n", encoding="utf-8")
    with pytest.raises(BadCases, match=rf"{FILE}:3: "):
        read_plain_messages(tmp_path)


def test_a_quote_without_an_end_is_no_table(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('kind,needs,text\nthanks,,"Dank je wel\n', encoding="utf-8")
    with pytest.raises(BadCases, match="unexpected end"):
        read_plain_messages(tmp_path)


def test_unseen_ones_are_cases_of_their_writer(tmp_path: Path) -> None:
    folder = tmp_path / UNSEEN / UNSEEN_FOLDER
    folder.mkdir(parents=True)
    (folder / "own_bell.csv").write_text(as_plain_table(SAMPLES), encoding="utf-8")
    first, second, third = read_unseen_plain(tmp_path)
    assert {first.writer, second.writer, third.writer} == {"own_bell"}
    assert (first.kind, first.needs, first.message.text) == ("request", ("governance",), "statuten nakijken aub")
    assert [first.message.channel, second.message.channel] == ["chat", "mail"]
    assert third.needs == ()


def test_nothing_is_learned_from_what_is_judged_by() -> None:
    learned, judged = read_plain_messages(CASES), read_unseen_plain(CASES)
    assert len(judged) == 694
    assert {one.text.casefold() for one in learned} & {case.message.text.casefold() for case in judged} == set()


def test_every_plain_message_is_labelled_by_the_guide() -> None:
    codes, learned = {topic.code for topic in shipped_topics()}, read_plain_messages(CASES)
    assert len({one.text for one in learned}) == len(learned)
    assert all(set(one.needs) <= codes for one in learned)
    assert all(set(case.needs) <= codes for case in read_unseen_plain(CASES))
