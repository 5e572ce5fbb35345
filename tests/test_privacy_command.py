"""`mixmatch privacy`: show, erase and age what is held of people, and write the papers; every answer in plain Dutch."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.privacy import own_export
from bot.privacy import papers as privacy_papers
from bot.settings import Programme, Settings, Telegram
from bot.store import cases, erasures
from bot.store.database import open_database, transaction
from bot.story import Story
from expertise.topics import shipped_topics
from matcher.encoder import Encoder
from tests import command_line
from tests.canary import CANARY, files_with
from tests.channel_talk import mails
from tests.command_line import Mixmatch
from tests.mails import COMPLETE, OUTSIDE, SHOP
from tests.store_builders import one

mixmatch = command_line.mixmatch
COORDINATOR = Programme().coordinator
LONG_AGO = "2020-01-01T09:00:00.000+00:00"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def held(story: Story, mixmatch: Mixmatch, monkeypatch: pytest.MonkeyPatch) -> Mixmatch:
    """The command, on an installation that holds a case of one person and one of another."""
    mails(story, SHOP, COMPLETE)
    mails(story, "buurtkas@example.org", OUTSIDE)
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(story.wiring.settings.folder))
    return mixmatch


def test_export_shows_all_that_is_held(held: Mixmatch) -> None:
    shown = held("privacy", "export", SHOP.upper())
    assert shown.code == 0
    for words in ("Uw vragen", "SV-2026-0001", "Vessem", "dorpswinkel openen", "Uw berichten", "Onze brieven aan u"):
        assert words in shown.out
    assert "Nijmegen" not in shown.out
    cells = json.loads(held("privacy", "export", "--json", SHOP).out)
    assert (cells["format"], cells["addresses"]) == (own_export.FORMAT, [SHOP])
    assert {name for name in cells if cells[name]} >= {"cases", "messages", "letters", "history", "proposals"}
    assert cells["cases"][0]["needs"][0]["code"] == "financing"


def test_export_for_staff_shows_what_is_theirs_and_nothing_of_others(held: Mixmatch, story: Story) -> None:
    (proposal,) = list(story.db.query("SELECT recipient, text FROM letters WHERE template = 'proposal'"))
    cells = json.loads(held("privacy", "export", "--json", proposal["recipient"]).out)
    assert [each["email"] for each in cells["pool"]] == [proposal["recipient"]]
    told = {each["template"]: each for each in cells["letters"]}
    assert (told["proposal"]["subject"], told["proposal"]["text"]) == (None, None)
    assert cells["cases"] == cells["messages"] == []
    shown = held("privacy", "export", proposal["recipient"]).out
    assert "gaat over een ander" in shown
    assert "dorpswinkel" not in shown + json.dumps(cells)
    assert "Uw besluiten" not in shown


def test_who_is_staff_and_initiator_sees_the_own_case_whole(held: Mixmatch, story: Story) -> None:
    adviser = one(story.db, "SELECT recipient FROM letters WHERE template = 'proposal'")
    story.db.execute("UPDATE experts SET email = ? WHERE email = ?", [SHOP, adviser])
    cells = json.loads(held("privacy", "export", "--json", SHOP).out)
    assert cells["pool"]
    assert all(each["text"] for each in cells["letters"])
    assert cells["cases"]


def test_export_to_a_file_in_three_forms(held: Mixmatch, tmp_path: Path) -> None:
    for name in ("alles.json", "alles.txt", "alles.zip"):
        assert held("privacy", "export", SHOP, "--out", tmp_path / name).code == 0
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    packed = zipfile.ZipFile(io.BytesIO((tmp_path / "alles.zip").read_bytes()))
    assert packed.namelist() == ["gegevens.json", "gegevens.txt"]
    refused = held("privacy", "export", SHOP, "--out", "alles.pdf")
    assert (refused.code, "eindigen op .json" in refused.err) == (2, True)
    nothing = held("privacy", "export", "niemand@example.org", "--out", tmp_path / "niets.txt")
    assert (nothing.code, nothing.out) == (0, "Wij bewaren niets van dit adres.\n")


def test_attachments_come_along_under_a_safe_name(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    story.db.table("attachments").insert(
        {"message_id": 1, "filename": "../../x y.csv", "media_type": "text/csv", "content": b"a;b"}
    )
    own = own_export.gather(story.db, SHOP)
    packed = zipfile.ZipFile(io.BytesIO(own_export.as_zip(own, NOW)))
    assert packed.namelist()[2:] == ["bijlagen/1-_.._x_y.csv"]
    assert packed.read(packed.namelist()[2]) == b"a;b"
    assert own_export.as_zip(own, NOW) == own_export.as_zip(own, NOW)


def test_erasing_asks_first(held: Mixmatch, monkeypatch: pytest.MonkeyPatch, story: Story) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("nee\n"))
    answered = held("privacy", "erase", SHOP)
    assert (answered.code, "Er is niets gewist" in answered.out) == (0, True)
    assert len(cases.of_initiator(story.db, SHOP)) == 1


def test_erasing_by_the_command(held: Mixmatch, story: Story) -> None:
    answered = held("privacy", "erase", SHOP, "--yes")
    assert (answered.code, answered.err.replace("  … taalmodel laden\n", "")) == (0, "")
    assert "Gewist: 1 dossiers, 1 berichten" in answered.out
    assert cases.of_initiator(story.db, SHOP) == []
    assert held("privacy", "export", SHOP, "--json").out.count(SHOP) == 2, "the address asked for, and the last letter"


def test_of_whom_nothing_is_held_nobody_hears(held: Mixmatch, story: Story) -> None:
    before = one(story.db, "SELECT count(*) FROM letters")
    told = held("privacy", "erase", "niemand@example.org", "--yes")
    assert (told.code, "Gewist: 0 dossiers" in told.out, "krijgt bericht" in told.out) == (0, True, False)
    assert one(story.db, "SELECT count(*) FROM letters") == before


def test_staff_is_not_erased_so(held: Mixmatch) -> None:
    answered = held("privacy", "erase", COORDINATOR, "--yes")
    assert (answered.code, "uit de pool" in answered.err) == (1, True)


def test_wishes_are_listed_and_approved_by_a_coordinator(held: Mixmatch, story: Story) -> None:
    assert held("privacy", "list").out == "Er wacht geen wisverzoek.\n"
    with transaction(story.db):
        erasures.ask(story.db, SHOP, story.now)
        erasures.answer(story.db, SHOP, "confirmed", story.now)
    assert f"1 {SHOP}" in held("privacy", "list").out
    assert held("privacy", "approve", "1", "--by", "ander@example.org").code == 2
    assert held("privacy", "approve", "9", "--by", COORDINATOR).code == 1
    assert held("privacy", "approve", "1", "--by", COORDINATOR).code == 0
    assert json.loads(held("privacy", "list", "--json").out)[0]["state"] == "approved"


def test_retention_leaves_no_word_in_a_file_while_the_service_runs(held: Mixmatch, story: Story) -> None:
    """Part of what one person asked goes: nobody is erased wholly, so that the database is not written anew."""
    mails(story, SHOP, OUTSIDE.replace("Nijmegen", f"Nijmegen bij {CANARY}"))
    story.db.execute("UPDATE cases SET touched_at = ? WHERE state = 'referred' AND initiator = ?", [LONG_AGO, SHOP])
    story.db.execute("UPDATE messages SET received_at = ? WHERE id = (SELECT max(id) FROM messages)", [LONG_AGO])
    assert files_with(story.wiring.settings.folder, CANARY)
    assert "Gewist." in held("privacy", "retention").out
    assert files_with(story.wiring.settings.folder, CANARY) == [], "story.db stands for the service"


def test_retention_tells_before_it_does(held: Mixmatch, story: Story) -> None:
    story.db.execute("UPDATE cases SET touched_at = ?, opened_at = ?", [LONG_AGO, LONG_AGO])
    story.db.execute("UPDATE messages SET received_at = ?", [LONG_AGO])
    shown = held("privacy", "retention", "--dry-run")
    assert "dossiers buiten Noord-Brabant: 1" in shown.out
    assert "niets gewist" in shown.out
    assert one(story.db, "SELECT count(*) FROM messages WHERE length(raw) > 0") == 2
    assert "Gewist." in held("privacy", "retention").out
    assert one(story.db, "SELECT count(*) FROM messages WHERE length(raw) > 0") == 0
    assert held("privacy", "retention").out == "Er is niets dat weg moet.\n"


@pytest.mark.parametrize("paper", sorted(privacy_papers.PAPERS))
def test_a_paper_tells_of_the_settings_in_force(mixmatch: Mixmatch, tmp_path: Path, paper: str) -> None:
    answered = mixmatch("privacy", paper, "--out", tmp_path / "stuk.md")
    assert (answered.code, answered.err) == (0, "")
    text = (tmp_path / "stuk.md").read_text()
    assert text.startswith("# ")
    assert "INVULLEN" in text
    assert Settings().programme.address in text or paper == "dpia"
    assert "{{" not in text
    assert mixmatch("privacy", paper).out == text


def test_papers_follow_the_settings() -> None:
    settings = Settings(programme=Programme(keep_months=3), telegram=Telegram(token="1:a"))
    register = privacy_papers.write("register", settings, shipped_topics(), NOW)
    assert "nooit langer dan 3 maanden" in register
    assert "| dossiers waarin een expert is voorgesteld | 90 |" in register
    assert "| late berichten bij gewiste dossiers | 7 |" in register
    assert "buiten de EU" in register
    assert settings.sharing.publisher in register
    assert "127.0.0.1:8025" in register
    assert "geen aangewezen" in register
    shared = replace(settings, programme=Programme(coordinators="tweede@example.org", readers="lezer@example.org"))
    register = privacy_papers.write("register", shared, shipped_topics(), NOW)
    assert "tweede@example.org" in register
    assert "lezer@example.org" in register
    dpia = privacy_papers.write("dpia", settings, shipped_topics(), NOW)
    assert all(topic.label in dpia for topic in shipped_topics())
    assert "Telegram leest mee" in dpia
    assert "Telegram" not in privacy_papers.write("dpia", Settings(), shipped_topics(), NOW).split("## 2")[0]


def test_wrong_use_is_told(mixmatch: Mixmatch) -> None:
    assert mixmatch("privacy").code == 2
    assert mixmatch("privacy", "erase").code == 2
    assert "niets" in mixmatch("privacy", "export", "geen adres").out


def test_an_erased_person_stands_in_no_file(held: Mixmatch, story: Story, encoder: Encoder) -> None:
    mails(story, f"{CANARY}@example.org", COMPLETE.replace("Vessem", f"Vessem, {CANARY}"))
    held("privacy", "erase", f"{CANARY}@example.org", "--yes")
    story.db.close()
    story.db = open_database(story.wiring.settings.database)
    story.db.execute("DELETE FROM letters WHERE template = 'erasure'")
    story.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert files_with(story.wiring.settings.folder, CANARY) == []
