"""Secrets that allow one decision: at rest only a hash, in a link only signed and for a while."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from sqlite_utils import Database

from bot.links import ALPHABET, SALT, Links, new_secret, signing_key
from bot.store import tokens
from bot.store.database import transaction
from inbox.decision_token import tokens_in
from tests import store_builders
from tests.store_builders import KEY, MINUTE, NOW, SECOND, one

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
SECRET = "MM-0123456789ABCDEFGHJK"
LINKS = Links("https://example.org/", KEY, timedelta(days=30))


def keep(db: Database, secret: str = SECRET, expires: timedelta = timedelta(days=30)) -> None:
    with transaction(db):
        tokens.keep(db, secret, "proposal", 7, "a1", NOW, NOW + expires)


# At rest


def test_a_secret_tells_for_what_it_was_given_and_to_whom(db: Database, other: Database) -> None:
    keep(db)
    assert tokens.find(other, SECRET) == tokens.Token("proposal", 7, "a1", NOW + timedelta(days=30))


def test_only_a_hash_is_kept(db: Database, store_file: Path) -> None:
    keep(db)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    whole = store_file.read_bytes().upper()
    assert tokens.hash_of(SECRET).upper().encode() in whole
    assert SECRET.encode() not in whole
    assert SECRET[3:].encode() not in whole


def test_a_secret_may_be_typed_in_small_letters(db: Database) -> None:
    keep(db)
    assert tokens.find(db, SECRET.lower()) == tokens.find(db, SECRET)


@pytest.mark.parametrize(
    "wrong", ["", "MM-", SECRET[3:], SECRET[:-1], f"{SECRET}0", f"{SECRET} ", SECRET[:-1] + "M", "%"]
)
def test_any_other_secret_is_unknown(db: Database, wrong: str) -> None:
    keep(db)
    assert tokens.find(db, wrong) is None


def test_nor_is_the_hash_itself_a_secret(db: Database) -> None:
    keep(db)
    assert tokens.find(db, one(db, "SELECT hash FROM tokens")) is None


def test_expired_secrets_are_found_until_they_are_cleaned_up(db: Database) -> None:
    old, fresh = new_secret(), new_secret()
    keep(db, old, MINUTE)
    keep(db, fresh, 2 * MINUTE)
    assert tokens.forget_expired(db, NOW + MINUTE) == 0
    assert tokens.find(db, old) is not None
    assert tokens.forget_expired(db, NOW + MINUTE + SECOND) == 1
    assert tokens.find(db, old) is None
    assert tokens.find(db, fresh) is not None


def test_a_new_secret_is_one_that_a_reply_is_searched_for() -> None:
    made = {new_secret() for _ in range(500)}
    assert len(made) == 500
    for secret in made:
        assert tokens_in(f"Kenmerk: {secret}.") == (secret,)
    assert {sign for secret in made for sign in secret[3:]} == set(ALPHABET)


# In a link


def signed(link: str) -> str:
    start = "https://example.org/besluit/"
    assert link.startswith(start)
    return link.removeprefix(start)


def test_a_link_leads_to_its_secret() -> None:
    assert LINKS.secret_in(signed(LINKS.decision(SECRET))) == SECRET
    assert Links("https://example.org", KEY, MINUTE).decision(SECRET).count("//") == 1


def test_a_changed_link_leads_nowhere() -> None:
    whole = signed(LINKS.decision(SECRET))
    for place in range(len(whole)):
        for sign in {*ascii_letters, *"0123456789-_."} - {whole[place]}:
            assert LINKS.secret_in(whole[:place] + sign + whole[place + 1 :]) is None
    for changed in (whole[:-1], whole[1:], f"{whole}.x", whole.replace(".", ""), ""):
        assert LINKS.secret_in(changed) is None


def test_the_parts_of_two_links_do_not_fit_together() -> None:
    mine, theirs = (signed(LINKS.decision(secret)).split(".") for secret in (SECRET, new_secret()))
    assert LINKS.secret_in(".".join([theirs[0], *mine[1:]])) is None
    assert LINKS.secret_in(".".join([*mine[:2], theirs[2]])) is None


@given(st.text())
def test_no_text_at_all_is_a_link_by_chance(text: str) -> None:
    assert LINKS.secret_in(text) is None


def test_a_link_signed_with_another_key_or_for_something_else_leads_nowhere() -> None:
    assert LINKS.secret_in(signed(Links("https://example.org", b"x" * 32, MINUTE).decision(SECRET))) is None
    assert LINKS.secret_in(str(URLSafeTimedSerializer(KEY, salt="mixmatch-other").dumps(SECRET))) is None
    assert LINKS.secret_in(str(URLSafeSerializer(KEY, salt=SALT).dumps(SECRET))) is None


@pytest.mark.parametrize(
    ("days", "seconds", "works"), [(0, 0, True), (30, 0, True), (30, 2, False), (400, 0, False), (0, -60, False)]
)
def test_a_link_works_for_its_days_only(monkeypatch: pytest.MonkeyPatch, days: int, seconds: int, works: bool) -> None:
    later = NOW + timedelta(days=days, seconds=seconds)
    monkeypatch.setattr("itsdangerous.timed.time.time", NOW.timestamp)
    link = signed(LINKS.decision(SECRET))
    monkeypatch.setattr("itsdangerous.timed.time.time", later.timestamp)
    assert LINKS.secret_in(link) == (SECRET if works else None)


# The key


def test_the_signing_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    key = signing_key(path)
    assert len(key) == 32
    assert len(set(key)) > 10
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(path) == key
    assert signing_key(tmp_path / "other.key") != key
    assert sorted(each.name for each in tmp_path.iterdir()) == ["other.key", "signing.key"]


def test_makers_at_once_end_up_with_one_key(tmp_path: Path) -> None:
    path, start, keys = tmp_path / "signing.key", threading.Barrier(8), list[bytes]()

    def make() -> None:
        start.wait()
        keys.append(signing_key(path))

    makers = [threading.Thread(target=make) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert keys == [path.read_bytes()] * 8
    assert len(keys[0]) == 32
    assert [each.name for each in tmp_path.iterdir()] == ["signing.key"]


def test_without_a_place_for_it_there_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        signing_key(tmp_path / "geen" / "signing.key")
