"""A case shows what others learned with such a question: by meaning and topics, read by a coordinator first."""

from __future__ import annotations

from starlette.testclient import TestClient

from bot.initiator.sharing import lessons_for
from bot.store import cases, lessons
from bot.store.database import transaction
from bot.story import Story
from matcher.proposal import Case
from matcher.similar import MOST_SIMILAR
from tests.at_the_desk import sign_in, words_of
from tests.shared_cases import introduced_case

PAGE = "/bureau/dossiers"


def told(story: Story, case: Case, lesson: str, *, shared: bool = True) -> None:
    """The initiator of a case told a lesson, and a coordinator read it."""
    with transaction(story.db):
        needs = [need.code for need in case.needs]
        lessons.tell(story.db, case.id, case.facts.initiative or "", "Oss", needs, lesson, story.now)
        kept = lessons.told_in(story.db, case.id)
        assert kept is not None
        if shared:
            lessons.settle(story.db, kept.id, "shared")


def recorded(story: Story, lesson: str, *needs: str) -> None:
    with transaction(story.db):
        lessons.add(story.db, "", "", needs, lesson, story.now)


def found(story: Story, case: Case) -> list[str]:
    return [each.lesson for each in lessons_for(story.db, story.wiring, case)]


def test_a_case_shows_the_lessons_of_cases_like_it(story: Story, browser: TestClient) -> None:
    tuin = introduced_case(story, "tuin@example.org", name="Buurttuin <b>Zuid</b>")
    hof = introduced_case(story, "hof@example.org", name="Het Hof")
    told(story, tuin, "Vraag drie offertes. Bel 06 12345678.")
    told(story, hof, "Onze eigen les.")
    told(story, introduced_case(story, "dans@example.org", need="dialogue", question="Hoe dans je de tango?"), "Dans.")
    sign_in(story, browser)
    page = words_of(browser, f"{PAGE}/{hof.reference}")
    part = page.split("Wat anderen leerden met zo’n vraag")[1].split("</ul>")[0]
    assert "Vraag drie offertes." in part
    for never in ("12345678", "Onze eigen les.", "Dans."):
        assert never not in part, never
    assert "<b>" not in browser.get(f"{PAGE}/{hof.reference}").text
    assert "/bureau/lessen?zoek=Financieringsmodel" in page
    assert "Het Hof" in words_of(browser, "/bureau/lessen?zoek=Financieringsmodel+en+businessplan")


def test_only_what_a_coordinator_shared_is_shown(story: Story) -> None:
    tuin, hof = introduced_case(story, "tuin@example.org"), introduced_case(story, "hof@example.org")
    told(story, tuin, "Nog niet gelezen.", shared=False)
    assert found(story, hof) == []


def test_a_recorded_lesson_counts_by_its_topics(story: Story) -> None:
    hof = introduced_case(story, "hof@example.org")
    recorded(story, "Over geld.", "financing")
    recorded(story, "Over geld en praten.", "financing", "dialogue")
    recorded(story, "Over praten.", "dialogue")
    recorded(story, "Over niets.")
    assert found(story, hof) == ["Over geld.", "Over geld en praten."]
    for number in range(MOST_SIMILAR):
        recorded(story, f"Meer {number}", "financing")
    assert len(found(story, hof)) == MOST_SIMILAR


def test_what_lies_closer_in_meaning_goes_first(story: Story) -> None:
    recorded(story, "Over geld.", "financing")
    tuin, hof = introduced_case(story, "tuin@example.org"), introduced_case(story, "hof@example.org")
    told(story, tuin, "Van de buurttuin.")
    assert found(story, hof) == ["Van de buurttuin.", "Over geld."]


def test_a_case_that_no_model_read_goes_by_topics(story: Story) -> None:
    tuin, hof = introduced_case(story, "tuin@example.org"), introduced_case(story, "hof@example.org")
    told(story, tuin, "Van de buurttuin.")
    story.db.execute("DELETE FROM case_vectors WHERE case_id = ?", [hof.id])
    assert found(story, hof) == ["Van de buurttuin."]
    story.db.execute("DELETE FROM case_vectors")
    assert found(story, hof) == ["Van de buurttuin."]
    assert cases.find(story.db, hof.id) is not None
