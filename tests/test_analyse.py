"""`mixmatch analyse`: the contract that others rely on, field by field, and what happens with bad input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.analysis import exact_piece
from expertise.experts import shipped_pool, write_pool_csv
from matcher.encoder import Encoder
from tests.mails import COMPLETE, INCOMPLETE, OUTSIDE

FIELDS = {"id", "kind", "language", "needs", "facts", "eligibility", "matches", "instruments", "similar"}
FACTS = {"municipality", "budget", "provincial_dependence", "phase"}


@pytest.fixture
def settings_in_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoder: Encoder) -> None:
    """A folder of its own, and the model of the whole run: loading it for every test would take minutes."""
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("bot.wiring.open_encoder", lambda *_: encoder)


def line(name: str, text: str, **more: Any) -> str:
    return json.dumps({"id": name, "channel": "mail", "subject": None, "text": text, **more}, ensure_ascii=False)


def analyse(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    code = cli.run(["analyse", "--json", *arguments])
    out, err = capsys.readouterr()
    return code, [json.loads(one) for one in out.splitlines()], err


@pytest.mark.usefixtures("settings_in_environment")
class TestContract:
    def test_one_object_a_message_in_order_with_all_fields(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "in.jsonl"
        file.write_text("\n".join([line("a", COMPLETE), line("b", OUTSIDE), line("c", "Bedankt allemaal!")]))
        code, found, _ = analyse(capsys, str(file))
        assert code == 0
        assert [one["id"] for one in found] == ["a", "b", "c"]
        for one in found:
            assert set(one) == FIELDS
            assert set(one["facts"]) == FACTS
        asked, outside, thanks = found
        assert asked["kind"] == "request"
        assert asked["eligibility"] == "eligible"
        assert asked["facts"]["municipality"] == "Eersel"
        assert outside["eligibility"] == "outside_area"
        assert (thanks["kind"], thanks["eligibility"], thanks["matches"]) == ("thanks", None, [])

    def test_evidence_is_an_exact_piece_of_the_text_and_needs_are_ordered(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        texts = [COMPLETE, INCOMPLETE, OUTSIDE, COMPLETE.replace("\n", "\r\n"), f"> oud\n{COMPLETE}\n> Antwoord JA"]
        file = tmp_path / "in.jsonl"
        file.write_text("\n".join(line(str(place), text) for place, text in enumerate(texts)))
        _, found, _ = analyse(capsys, str(file))
        assert any(one["needs"] for one in found)
        for text, one in zip(texts, found, strict=True):
            confidences = [need["confidence"] for need in one["needs"]]
            assert confidences == sorted(confidences, reverse=True)
            assert all(need["evidence"] and need["evidence"] in text for need in one["needs"])

    def test_matches_are_only_people_who_may_be_proposed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "in.txt").write_text(COMPLETE)
        _, (found,), _ = analyse(capsys, str(tmp_path / "in.txt"))
        pool = {expert.id: expert for expert in shipped_pool()}
        assert 0 < len(found["matches"]) <= 10
        scores = [match["score"] for match in found["matches"]]
        assert scores[0] == max(scores)
        for match in found["matches"]:
            assert set(match) == {"expert", "score", "needs", "why"}
            assert pool[match["expert"]].active
            assert pool[match["expert"]].capacity > 0
            assert "region" in match["why"]

    def test_an_own_pool_replaces_the_sample_pool(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        own = [expert for expert in shipped_pool() if expert.active and expert.capacity][:3]
        (tmp_path / "pool.csv").write_text(write_pool_csv(own))
        (tmp_path / "in.txt").write_text(COMPLETE)
        _, (found,), _ = analyse(capsys, "--experts", str(tmp_path / "pool.csv"), str(tmp_path / "in.txt"))
        assert {match["expert"] for match in found["matches"]} <= {expert.id for expert in own}

    def test_a_bad_line_is_told_and_the_others_are_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "in.jsonl"
        file.write_text("\n".join([line("a", "Hallo"), "{oeps", '{"id": "x"}', line("d", "Dag")]))
        code, found, err = analyse(capsys, str(file))
        assert code == 1
        assert [one["id"] for one in found] == ["a", "d"]
        assert "in.jsonl:2" in err
        assert "in.jsonl:3" in err
        assert "Traceback" not in err

    @pytest.mark.parametrize("text", ["", " ", "🙂" * 50, "\x00\ufeff", "a" * 200_000, "\ud800 los", "Ik\r\n> wij\r\n"])
    def test_odd_texts_give_an_outcome(self, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "in.jsonl"
        file.write_text(json.dumps({"id": "x", "channel": "chat", "subject": None, "text": text}))
        code, (found,), _ = analyse(capsys, str(file))
        assert code == 0
        assert found["needs"] == []

    @pytest.mark.parametrize(("name", "content"), [("leeg.eml", b""), ("raar.pdf", b"x"), ("er-is-niets.txt", None)])
    def test_a_file_that_cannot_be_read_is_told_in_dutch(
        self, name: str, content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        code, found, err = analyse(capsys, str(tmp_path / name))
        assert (code, found) == (1, [])
        assert name in err

    def test_a_pool_with_mistakes_is_refused_by_row_and_column(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        wrong = write_pool_csv(shipped_pool()[:3]).replace("Noord-Brabant", "Narnia")
        (tmp_path / "pool.csv").write_text(wrong)
        (tmp_path / "in.txt").write_text(COMPLETE)
        code, found, err = analyse(capsys, "--experts", str(tmp_path / "pool.csv"), str(tmp_path / "in.txt"))
        assert (code, found) == (1, [])
        assert "kolom regions" in err


def test_evidence_in_a_forwarded_mail_is_given_as_it_stands_there() -> None:
    text = "Ter info.\n> Wie helpt ons om de huurders erbij te krijgen,\n> en niet als publiek?"
    read = "Wie helpt ons om de huurders erbij te krijgen,\nen niet als publiek?"
    assert exact_piece(read, text) == "Wie helpt ons om de huurders erbij te krijgen,"
    assert exact_piece("en niet als publiek?", text) == "en niet als publiek?"


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "analyse", "--json", "-"],
        input=(line("a", "Hoe staat het met mijn vraag?") + "\n").encode(),
        capture_output=True,
        check=True,
        timeout=120,
    )
    (found,) = [json.loads(one) for one in done.stdout.splitlines()]
    assert found["id"] == "a"
    assert done.stderr == b"", "with --json nothing but objects and problems is printed"
