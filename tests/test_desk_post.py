"""What got stuck, at the desk: messages in quarantine, letters that did not leave; topics and settings."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from starlette.testclient import TestClient

from bot.coordinator.reviewing import review_facts
from bot.store import cases, erasures, lessons, letters, messages, quarantine, topic_phrases
from bot.store.database import transaction
from bot.story import Story
from bot.web.desk_home import MOST_SHOWN
from tests.accepted_cases import turn_of
from tests.advisers_at_work import ask, person, the_proposal, waiting
from tests.at_the_desk import COORDINATOR, csrf_in, press, sign_in, words_of
from tests.mails import COMPLETE, INCOMPLETE, SHOP, mail
from tests.report_rows import Rows

CASE = "/bureau/dossiers/SV-2026-0001"


def quarantined(story: Story) -> int:
    """A message that failed three times; returns its number."""
    story.mail_arrives(mail(COMPLETE, subject="<b>Vast</b>", now=story.now))
    story.db.execute(
        "UPDATE messages SET state = 'quarantined', attempts = 3, problem = 'TimeoutError', case_id = NULL"
    )
    story.db.execute("DELETE FROM events")
    (number,) = story.db.execute("SELECT id FROM messages").fetchone()
    return int(number)


def parked(story: Story) -> int:
    """A letter that was refused; returns its number."""
    ask(story)
    story.db.execute("UPDATE letters SET state = 'parked', problem = 'smtp_refused' WHERE template = 'confirmation'")
    (number,) = story.db.execute("SELECT id FROM letters WHERE state = 'parked'").fetchone()
    return int(number)


def noted(story: Story, event: str) -> list[str]:
    return [row["person"] for row in story.db.query("SELECT person FROM events WHERE event = ?", [event])]


def test_a_message_is_shown_as_harmless_text(story: Story, browser: TestClient) -> None:
    number = quarantined(story)
    sign_in(story, browser)
    assert f"Bericht {number}" in words_of(browser, "/bureau/quarantaine")
    page = browser.get(f"/bureau/quarantaine/{number}").text
    assert "verdienmodel" in page
    assert "<b>Vast" not in page
    assert browser.get("/bureau/quarantaine/999").status_code == 404


def test_a_message_is_read_once_more(story: Story, browser: TestClient) -> None:
    number = quarantined(story)
    sign_in(story, browser)
    page, path = "/bureau/quarantaine", f"/bureau/quarantaine/{number}/opnieuw"
    assert press(browser, page, path).headers["location"].endswith("gedaan=replayed")
    assert messages.counts_by_state(story.db)["received"] == 1
    story.go_on()
    assert messages.counts_by_state(story.db) == {"handled": 1}
    assert noted(story, "message_replayed") == [COORDINATOR]


def test_a_question_without_a_sender_waits_for_a_person(story: Story, browser: TestClient) -> None:
    raw = mail(COMPLETE, now=story.now).replace(f"From: {SHOP}".encode(), f"From: <img src=x> <{SHOP}>".encode())
    sent = story.mail_arrives(raw)
    assert [letter.recipient for letter in sent] == [COORDINATOR]
    assert "geen goed adres" in sent[0].text
    sign_in(story, browser)
    assert "geen goed adres" in words_of(browser, "/bureau/quarantaine").lower()
    press(browser, "/bureau/quarantaine", "/bureau/quarantaine/1/klaar")
    assert quarantine.everything(story.db) == []


def test_a_message_is_put_aside_and_a_colleague_was_first(story: Story, browser: TestClient) -> None:
    number = quarantined(story)
    sign_in(story, browser)
    page, path = f"/bureau/quarantaine/{number}", f"/bureau/quarantaine/{number}/klaar"
    shown = browser.get(page).text
    assert press(browser, page, path).headers["location"].endswith("gedaan=put_aside")
    assert quarantine.everything(story.db) == []
    token = shown.split('name="csrf" value="')[1].split('"')[0]
    assert browser.post(path, data={"csrf": token}).headers["location"].endswith("gedaan=gone")
    assert noted(story, "message_put_aside") == [COORDINATOR]


def test_a_letter_is_sent_again_or_let_go(story: Story, browser: TestClient) -> None:
    number = parked(story)
    sign_in(story, browser)
    page = "/bureau/brieven"
    assert "SV-2026-0001" in words_of(browser, page)
    done = press(browser, page, f"{page}/{number}/opnieuw")
    assert done.headers["location"].endswith("gedaan=letter_retried")
    story.go_on()
    assert letters.with_state(story.db, "parked", "unknown") == []
    story.db.execute("UPDATE letters SET state = 'unknown' WHERE id = ?", [number])
    assert press(browser, page, f"{page}/{number}/laat").headers["location"].endswith("gedaan=letter_dropped")
    assert [one.id for one in letters.of_case(story.db, 1) if one.id == number] == []
    assert noted(story, "letter_dropped") == [COORDINATOR]


def test_a_letter_on_its_way_can_not_be_let_go(story: Story, browser: TestClient) -> None:
    number = parked(story)
    sign_in(story, browser)
    shown = browser.get("/bureau/brieven").text
    token = shown.split('name="csrf" value="')[1].split('"')[0]
    story.db.execute("UPDATE letters SET state = 'sent' WHERE id = ?", [number])
    for act in ("opnieuw", "laat"):
        done = browser.post(f"/bureau/brieven/{number}/{act}", data={"csrf": token})
        assert done.headers["location"].endswith("gedaan=gone")
    assert any(one.id == number for one in letters.of_case(story.db, 1))


def test_the_first_page_tells_what_waits(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    page = words_of(browser, "/bureau")
    assert "Een adviseur beslist: 1" in page
    assert "/bureau/dossiers/SV-2026-0001" in page
    assert "Jij beslist: 0" in page


def test_the_first_page_tells_everything_that_the_report_asks_attention_for(story: Story, browser: TestClient) -> None:
    asked = story.now
    letter = ask(story)
    for _ in range(2):
        letter = the_proposal(story.answer(letter, "Nee, deze past niet."))
    story.mail_arrives(mail(INCOMPLETE, sender="tuin@example.org", now=story.now))
    erasures.ask(story.db, "wissen@example.org", story.now)
    assert erasures.answer(story.db, "wissen@example.org", "confirmed", story.now)
    lessons.tell(story.db, 1, "Winkel", "Eersel", [], "Begin klein.", story.now)
    expert = waiting(story).expert_id
    story.db.execute("UPDATE experts SET capacity = 1 WHERE id = ?", [expert])
    story.now = asked + timedelta(days=15)
    sign_in(story, browser)
    page = words_of(browser, "/bureau")
    for told in (
        "Een adviseur zei al twee keer nee: 1", "De initiatiefnemer is lang stil: 1", "Experts zonder plek: 1",
        f"{person(story, expert).name}, {person(story, expert).organisation} (1 van 1)", "Wisverzoeken: 1",
        "Nieuwe lessen om te lezen: 1",
    ):  # fmt: skip
        assert told in page, told


def test_a_long_list_on_the_first_page_is_cut_and_says_so(story: Story, browser: TestClient) -> None:
    rows = Rows(story.db, count(1))
    for _ in range(MOST_SHOWN + 2):
        rows.event(rows.case(story.now), "unserved", story.now)
    sign_in(story, browser)
    page = words_of(browser, "/bureau")
    assert f"Nog geen expert: {MOST_SHOWN + 2}" in page
    assert page.count("/bureau/dossiers/SV-") == MOST_SHOWN
    assert 'href="/bureau/dossiers?stand=unserved">En nog 2 andere' in page


def test_a_sentence_is_added_to_a_topic(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    code = story.wiring.topics[0].code
    page, path = "/bureau/onderwerpen", f"/bureau/onderwerpen/{code}"
    assert press(browser, page, path, phrase="").status_code == 422
    for _ in range(2):
        assert press(browser, page, path, phrase="Wie  weet hoe je <b> dat doet?").status_code == 303
    assert topic_phrases.by_topic(story.db) == {code: ("Wie weet hoe je <b> dat doet?",)}
    assert "Wie weet hoe je <b> dat doet?" in words_of(browser, page)
    assert noted(story, "phrase_added") == [COORDINATOR]
    token = csrf_in(browser.get(page).text)
    for phrase in ("een andere zin", "Wie weet hoe je <b> dat doet?"):
        browser.post(f"{path}/weg", data={"csrf": token, "phrase": phrase})
    assert topic_phrases.by_topic(story.db) == {}
    assert noted(story, "phrase_removed") == [COORDINATOR]


def test_the_settings_are_shown_without_their_secrets(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    page = words_of(browser, "/bureau/toestand")
    assert "programme.coordinator" in page
    assert "imap.password" in page
    found = press(browser, "/bureau/toestand", "/bureau/toestand")
    assert found.status_code == 200
    assert "Wat we zagen" in found.text


def test_a_letter_that_did_not_leave_gives_nobody_its_secrets(story: Story, browser: TestClient) -> None:
    ask(story)
    sign_in(story, browser)
    turn, case = turn_of(story, "again"), cases.find(story.db, 1)
    assert case is not None
    with transaction(story.db):
        secret = turn.invite("review", 1, "collega@example.org")
        turn.to_coordinator(case, "review_reminder", secret, day=turn.today, **review_facts(turn, case))
        link = f"http://127.0.0.1:8080/bureau/aanmelden/{'a' * 43}"
        turn.to_mailbox("collega@example.org", "nl", "sign_in", page_link=link)
        story.db.execute("UPDATE letters SET state = 'parked', problem = 'smtp_refused' WHERE state = 'waiting'")
    for path in ("/bureau/brieven", CASE):
        page = browser.get(path).text
        assert "/besluit/…" in page
        for told in (secret, "a" * 43, turn.wiring.links.decision(secret).rpartition("/")[2].partition(".")[0]):
            assert told not in page
