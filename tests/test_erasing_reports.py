"""Erasing meets a report or a list that is about to leave, and names that an initiative had before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.report import weekly_letter as report_letter
from bot.store import cases, letter_files, letters, reports, sharing
from bot.store.database import transaction
from bot.story import Story
from tests.canary import CANARY, files_with, places_with
from tests.channel_talk import all_letters, mails
from tests.initiator_talk import Talk
from tests.mails import COMPLETE, SHOP
from tests.planted_person import OWN, erase, everything_by_mail, last_words_go, send
from tests.shared_cases import introduced_case
from tests.store_builders import one

WEEK = timedelta(days=7)
REASON = "hun jubelmerel past hier niet bij"


def report_waits(story: Story) -> letters.KeptLetter:
    """The next Monday: the report stands in the outbox and has not left; it quotes why an adviser said no."""
    story.db.execute("UPDATE proposals SET reason = ? WHERE reason != ''", [REASON])
    story.later(WEEK)
    report_letter.send_due(story.db, story.wiring, story.shelf, story.now)
    return waiting_report(story)


def waiting_report(story: Story) -> letters.KeptLetter:
    (report,) = [each for each in all_letters(story.db) if each.template == "weekly_report"]
    assert report.state == "waiting"
    return report


def test_a_report_that_waits_is_written_anew_without_the_words(story: Story) -> None:
    everything_by_mail(story)
    send(story)
    first = report_waits(story)
    assert "jubelmerel" in first.text
    erase(story)
    assert report_letter.TEMPLATE not in {each.template for each in all_letters(story.db)}
    report_letter.send_due(story.db, story.wiring, story.shelf, story.now)
    again = waiting_report(story)
    assert again.message_id == first.message_id
    assert "jubelmerel" not in again.text + again.html
    assert again.subject == first.subject
    assert [file.filename for file in letter_files.of_letter(story.db, again.key)]
    assert reports.is_sent(story.db, again.key.partition(":")[2])
    last_words_go(story)
    assert places_with(story.db) | places_with(story.db, "jubelmerel") == set()
    assert files_with(story.wiring.settings.folder, CANARY, "jubelmerel") == []


def test_what_is_on_its_way_while_its_reader_is_erased_does_not_bring_the_words_back(story: Story) -> None:
    everything_by_mail(story)
    send(story)
    report_waits(story)
    claimed = letters.claim_due(story.db, story.now)
    while claimed is not None and claimed.template != "weekly_report":
        claimed = letters.claim_due(story.db, story.now)
    assert claimed is not None
    erase(story)
    letters.mark_sent(story.db, claimed, story.now)
    kept = letters.of_id(story.db, claimed.id)
    assert kept is not None
    assert (kept.state, kept.text, kept.html) == ("sent", "", "")


def test_buttons_of_others_are_not_taken_for_the_address_of_the_erased(story: Story) -> None:
    mails(story, OWN, COMPLETE)
    Talk(story, "web:buur").says(COMPLETE)
    assert one(story.db, "SELECT count(*) FROM choices") > 0
    erased = erase(story)
    assert one(story.db, "SELECT count(*) FROM choices") > 0
    assert erased.left == ()


def test_an_emptied_letter_is_not_tried_again_nor_sent_once_more(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    letter = letters.claim_due(story.db, story.now)
    assert letter is not None
    story.db.execute("UPDATE letters SET text = '', html = '' WHERE id = ?", [letter.id])
    letters.mark(story.db, letter.id, "waiting", "timeout", story.now)
    kept = letters.of_id(story.db, letter.id)
    assert kept is not None
    assert (kept.state, kept.problem) == ("parked", "erased")
    assert not letters.release_now(story.db, letter.id, story.now)


def test_an_earlier_name_goes_from_letters_to_others_too(story: Story) -> None:
    long = f"Stichting {CANARY} voor en door bewoners van de hele wijk en alle straten eromheen, buurttuin.nl"
    case = introduced_case(story, OWN, name=long)
    with transaction(story.db):
        sharing.keep(story.db, case.reference, case.id, True, "coordinator", story.now)
    introduced_case(story, "buur@example.org", name="Buurttuin")
    mails(story, SHOP, COMPLETE)
    send(story)
    assert any(CANARY in each.text and each.recipient != OWN for each in all_letters(story.db))
    now = cases.find(story.db, case.id)
    assert now is not None
    with transaction(story.db):
        renamed = replace(now, facts=replace(now.facts, initiative="De Nieuwe Naam"))
        cases.keep(story.db, renamed, cases.question_of(story.db, case.id), story.now)
        cases.keep(story.db, renamed, cases.question_of(story.db, case.id), story.now)
    assert cases.names_of(story.db, renamed) == ("De Nieuwe Naam", long)
    erase(story)
    last_words_go(story)
    assert places_with(story.db) == set()
    assert files_with(story.wiring.settings.folder, CANARY) == []
    assert one(story.db, "SELECT count(*) FROM earlier_names") == 0
