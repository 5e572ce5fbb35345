"""What coordinators correct becomes labelled messages without personal data, which `mixmatch train` can read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coordinator.correcting import Corrected, correct
from bot.learning.cases import read_cases
from bot.learning.correction_cases import as_lines, labelled_corrections, without_person
from bot.learning.labels import labels_of
from bot.learning.plain_messages import read_plain_messages
from bot.learning.plain_table import PlainMessage
from bot.store import corrections, topic_phrases
from bot.store.corrections import Source
from bot.store.database import open_database, transaction
from bot.story import Story
from inbox.privacy import MARK, find_private
from matcher.proposal import Case
from tests import command_line
from tests.accepted_cases import case_now, turn_of
from tests.at_the_desk import COORDINATOR
from tests.command_line import Mixmatch
from tests.proposed_cases import QUESTION, propose

mixmatch = command_line.mixmatch
MOMENT = datetime(2026, 11, 16, tzinfo=UTC)
IBAN = "NL91 ABNA 0417 1643 00"
SIGNED = f"{QUESTION}\n\nGroet, Anneke Vessem\nBel 06 12345678 of mail anneke@example.org, rekening {IBAN}"


def a_correction(story: Story, case: Case, *, phase: int | None = None, needs: tuple[tuple[str, str], ...]) -> None:
    """A coordinator says what it should be."""
    facts = case_now(story, case).facts
    told = Corrected(
        "request", needs, facts.municipality, facts.budget, facts.provincial_dependence, phase, facts.initiative
    )
    with transaction(story.db):
        assert correct(turn_of(story, f"correct:{phase}"), case_now(story, case), told)


def a_case(story: Story, question: str, initiator: str, name: str) -> Case:
    case = propose(story, initiator)
    story.db.execute("UPDATE cases SET question = ?, initiator_name = ? WHERE id = ?", [question, name, case.id])
    return case_now(story, case)


def read(folder: Path, labelled: list[dict[str, Any]]) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / "corrections.jsonl").write_text(as_lines(labelled), encoding="utf-8")
    return read_cases(folder)


def test_the_newest_correction_of_each_case_is_written_masked(story: Story, tmp_path: Path) -> None:
    first = a_case(story, SIGNED, "een@example.org", "Anneke Vessem")
    second = a_case(story, QUESTION, "twee@example.org", "")
    a_correction(story, first, phase=2, needs=(("governance", QUESTION),))
    a_correction(story, first, phase=3, needs=(("governance", QUESTION), ("financing", "Bel 06 12345678")))
    a_correction(story, second, phase=1, needs=(("data", QUESTION),))
    labelled = labelled_corrections(story.db)
    written = as_lines(labelled)
    for secret in ("Anneke", "anneke", "12345678", "0417", "example.org"):
        assert secret not in written
    one, two = read(tmp_path / "cases", labelled)
    assert (one.kind, one.needs, one.facts.phase, one.eligibility) == (
        "request", ("governance", "financing"), 3, "eligible",
    )  # fmt: skip
    assert dict(one.evidence) == {"governance": QUESTION, "financing": f"Bel {MARK}"}
    assert f"Groet, {MARK} Vessem" in one.message.text, "a place is no name"
    assert (two.needs, two.facts.municipality) == (("data",), "Eersel")
    assert labelled[0]["lang"] == "nl"


def test_labels_for_learning_are_made_of_them(story: Story, tmp_path: Path) -> None:
    case = a_case(story, SIGNED, "een@example.org", "Anneke Vessem")
    a_correction(story, case, phase=2, needs=(("governance", QUESTION),))
    codes = tuple(topic.code for topic in story.wiring.topics)
    labels = labels_of(read(tmp_path / "cases", labelled_corrections(story.db)), codes)
    place = codes.index("governance")
    assert labels.labels[0, place] == 1
    assert labels.part_labels[:, place].tolist().count(1.0) == 1, "the sentence that shows it is found again"


def test_another_kind_has_no_verdict_on_the_rules(story: Story, tmp_path: Path) -> None:
    case = a_case(story, QUESTION, "een@example.org", "")
    source = Source(None, "chat", "", QUESTION, "request")
    told = {"kind": "thanks", "needs": [], "evidence": {}, "eligibility": "review",
            "facts": dict.fromkeys(("municipality", "budget", "provincial_dependence", "phase"))}  # fmt: skip
    corrections.keep(story.db, case.id, COORDINATOR, source, (told, told), story.now)
    (one,) = labelled_corrections(story.db)
    assert (one["eligibility"], one["subject"], one["channel"]) == (None, None, "chat")
    assert len(read(tmp_path / "cases", [one])) == 1


def test_the_command_writes_both_files(mixmatch: Mixmatch, story: Story, tmp_path: Path) -> None:
    a_correction(story, a_case(story, SIGNED, "een@example.org", ""), phase=2, needs=(("data", QUESTION),))
    with transaction(story.db):
        topic_phrases.add(story.db, "data", "Wie belt 06 12345678 over, cijfers?", COORDINATOR, story.now)
    answered = mixmatch("corrections", "verbeterd.jsonl", "--phrases", "plain_messages.csv")
    assert (answered.code, answered.err) == (0, "")
    assert "verbeterd.jsonl: 1" in answered.out
    assert "plain_messages.csv: 1" in answered.out
    (case,) = read_cases(tmp_path)
    assert case.needs == ("data",)
    assert read_plain_messages(tmp_path) == (PlainMessage("request", ("data",), f"Wie belt {MARK} over, cijfers?"),)
    assert (tmp_path / "verbeterd.jsonl").stat().st_mode & 0o777 == 0o600


def test_without_corrections_the_file_is_empty(mixmatch: Mixmatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    open_database(tmp_path / "data" / "mixmatch.db").close()
    assert "leeg.jsonl: 0" in mixmatch("corrections", "leeg.jsonl").out
    assert (tmp_path / "leeg.jsonl").read_text() == ""
    assert mixmatch("corrections", tmp_path / "nergens" / "x.jsonl").code == 1


PRIVATE = st.sampled_from(
    ["Bel 06 12345678", "anneke@example.org", IBAN, "Anneke", "Ik heb diabetes.", "Dorpsstraat 12", "Oss", " ", "geld"]
)


@settings(deadline=None)
@given(st.lists(PRIVATE | st.text(max_size=12), max_size=8).map(" ".join), st.data())
def test_evidence_always_stands_in_the_masked_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    masked = without_person(text, "Anneke Jansen")
    assert find_private(masked) == ()
    assert "Anneke" not in masked.split()
    assert without_person(masked, "Anneke Jansen") == masked
    shown = _evidence(text, words)
    assert all(each and each in masked for each in shown)


def _evidence(text: str, words: str) -> list[str]:
    from bot.learning.correction_cases import _labelled

    after = {"kind": "request", "needs": ["data"], "evidence": {"data": words}, "facts": {}, "eligibility": None}
    kept = corrections.Correction(1, 1, MOMENT, COORDINATOR, Source(None, "mail", "", text, ""), {}, after)
    labelled = json.loads(as_lines([_labelled(kept, "nl", "Anneke Jansen")]))
    return list(labelled["evidence"].values())
