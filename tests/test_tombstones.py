"""What was erased stays erased: in a mailbox read again, a database put back, an erasure that was broken off."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlite_utils import Database

from bot.privacy import erasing, tombstone_file
from bot.store import cases, scrubbing, tombstones
from bot.store.database import open_database
from bot.story import Story
from tests.canary import CANARY, files_with
from tests.channel_talk import all_letters, to
from tests.mails import INCOMPLETE
from tests.planted_person import OWN, erase, last_words_go, planted_mail, written_anew
from tests.store_builders import one


def test_an_erased_message_is_not_kept_again(story: Story) -> None:
    raw = planted_mail(story)
    story.mail_arrives(raw)
    erase(story)
    story.mail_arrives(raw)
    rows = one(story.db, "SELECT count(*) FROM messages WHERE length(raw) > 0")
    assert rows == 0, "the same mail, found again in the mailbox, is not stored"
    story.mail_arrives(planted_mail(story, INCOMPLETE, "Iets anders"))
    assert len(cases.of_initiator(story.db, OWN)) == 1, "who writes something new begins anew"


def test_a_database_put_back_is_erased_again(story: Story) -> None:
    story.mail_arrives(planted_mail(story))
    backup = story.wiring.settings.folder.parent / "reserve.db"
    story.db.execute("VACUUM INTO ?", [str(backup)])
    erase(story)
    last_words_go(story)
    story.db.close()
    story.wiring.settings.database.write_bytes(backup.read_bytes())
    again = Story(_opened(story), story.wiring, story.shelf, story.now)
    assert len(cases.of_initiator(again.db, OWN)) == 1
    assert erasing.heed_tombstones(again.db, again.wiring, again.shelf, again.now) == 1
    written_anew(again)
    assert files_with(story.wiring.settings.folder, CANARY) == []
    assert to(all_letters(again.db), OWN) == [], "who was told once is not told again"
    assert erasing.heed_tombstones(again.db, again.wiring, again.shelf, again.now) == 0
    again.db.close()


def test_an_erasure_that_was_broken_off_is_finished(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.mail_arrives(planted_mail(story))

    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(scrubbing, "scrub", breaks)
        with pytest.raises(OSError, match="disk is full"):
            erase(story)
    assert len(cases.of_initiator(story.db, OWN)) == 1, "nothing is half done"
    assert erasing.heed_tombstones(story.db, story.wiring, story.shelf, story.now) == 1
    written_anew(story)
    assert files_with(story.wiring.settings.folder, CANARY) == []


def test_who_comes_back_is_not_erased_again(story: Story) -> None:
    story.mail_arrives(planted_mail(story))
    erase(story)
    story.later(timedelta(days=3))
    story.mail_arrives(planted_mail(story, INCOMPLETE, "Iets nieuws"))
    tombstone_file.tombstone_file(story.wiring.settings.folder).open("a").close()
    tombstones.keep_file_bytes(story.db, 0)
    assert erasing.heed_tombstones(story.db, story.wiring, story.shelf, story.now) == 0
    assert len(cases.of_initiator(story.db, OWN)) == 1


def _opened(story: Story) -> Database:
    for end in ("-wal", "-shm"):
        story.wiring.settings.database.with_name(f"mixmatch.db{end}").unlink(missing_ok=True)
    return open_database(story.wiring.settings.database)


def test_the_file_of_tombstones_tells_nobody_who_it_was(story: Story) -> None:
    story.mail_arrives(planted_mail(story))
    erase(story)
    path = tombstone_file.tombstone_file(story.wiring.settings.folder)
    text = path.read_text()
    assert OWN not in text
    assert base64.b64encode(OWN.encode()).decode() not in text
    known = tombstone_file.read(path)
    assert known is not None
    assert {stone.hash for stone in known[1]} == {stone.hash for stone in tombstones.everything(story.db)}
    path.write_text(text + '{"hash": "half')
    assert tombstone_file.read(path) == known, "a line that was cut off by a crash is left out"
