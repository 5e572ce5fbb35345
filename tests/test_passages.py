"""Passages that tell facts: every one that is shipped is read, and a wrong line is named."""

import json
from pathlib import Path

import pytest

from bot.learning.cases import BadCases
from bot.learning.material import told_passages
from bot.learning.passages import FOLDER, read_passages
from inbox.learned_facts import FACT_VALUES
from matcher.encoder import Encoder

CASES = Path(__file__).parent.parent / "cases"
GOOD: dict[str, object] = {
    "id": "x1",
    "lang": "nl",
    "text": "We houden geld over.",
    "budget": "closing",
    "provincial_dependence": None,
    "phase": None,
}


def written(folder: Path, *lines: object) -> Path:
    """A folder of cases with these passages."""
    (folder / FOLDER).mkdir()
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / FOLDER / "one.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_every_shipped_passage_is_read_and_tells_each_value_often() -> None:
    passages = read_passages(CASES)
    assert len({passage.text for passage in passages}) == len(passages) > 1_000
    for name, values in FACT_VALUES.items():
        told = [passage.told[name] for passage in passages]
        assert min(told.count(value) for value in values) >= 40, name


def test_a_folder_without_passages_teaches_nothing_besides(tmp_path: Path, encoder: Encoder) -> None:
    assert read_passages(tmp_path) == ()
    nothing = told_passages((), encoder.read)
    assert [len(marks) for marks in nothing.by_rule.values()] == [0] * len(FACT_VALUES)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "one.jsonl:2: JSONDecodeError"),
        ({**GOOD, "budget": "perhaps"}, "one.jsonl:2: ValueError: budget: 'perhaps'"),
        ({**GOOD, "phase": True}, "one.jsonl:2: ValueError: phase: True"),
        ({**GOOD, "provincial_dependence": 1}, "one.jsonl:2: ValueError: provincial_dependence: 1"),
        ({**GOOD, "text": "  "}, "one.jsonl:2: ValueError: no text"),
        ({"text": "Geen labels"}, "one.jsonl:2: KeyError: 'budget'"),
        ({**GOOD, "text": 5}, "one.jsonl:2: AttributeError"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: object, named: str) -> None:
    with pytest.raises(BadCases, match=r"one\.jsonl") as told:
        read_passages(written(tmp_path, GOOD, line))
    assert named in str(told.value)


def test_a_passage_is_read_as_a_message_with_what_the_rules_read_of_most_hidden(encoder: Encoder) -> None:
    passages = read_passages(CASES)[:60]
    read = told_passages(passages, encoder.read)
    assert len(read.texts.parts) == len(read.texts.wholes) == len(read.told["budget"]) == 60
    seen = read.by_rule["budget"][:, 0] == 0
    assert 0 < seen.sum() < 60 * 0.5
