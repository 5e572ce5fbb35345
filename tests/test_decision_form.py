"""The page of a proposal does all that mail does, without JavaScript: other experts, a colleague, a question, later."""

import re
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot import flow
from bot.store import proposals
from bot.story import Story, letter_to
from tests.mails import SHOP
from tests.proposed_cases import a_colleague, open_proposal, proposed, templates, the_case, the_proposal
from tests.web_visits import link_in


def numbers(page: str) -> list[str]:
    return re.findall(r'id="keuze(\d+)"', page)


def test_more_experts_appear_on_the_page_and_one_of_them_is_chosen(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    assert numbers(browser.get(link).text) == ["1", "2", "3"]
    page = browser.post(link, data={"choice": "more"})
    assert (page.status_code, numbers(page.text)) == (200, ["1", "2", "3", "4", "5", "6"])
    assert numbers(browser.get(link).text) == numbers(page.text)
    assert "more_experts" not in templates(story), "what the page shows needs no letter"
    browser.post(link, data={"choice": "5"})
    assert [one.state for one in proposals.of_case(story.db, the_case(story).id)] == ["replaced", "accepted"]


@pytest.mark.parametrize("typed", ["²", "①", "9", "0", "9" * 5000])
def test_a_number_that_was_not_offered_chooses_nobody(story: Story, browser: TestClient, typed: str) -> None:
    link = link_in(proposed(story))
    assert browser.post(link, data={"choice": typed}).status_code == 422
    assert open_proposal(story).state == "open"


def test_a_name_is_searched_and_shown_with_why_not(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    page = unescape(browser.post(link, data={"choice": "search", "name": "beld en verhaal"}).text)
    assert "Docent beeld en verhaal, Avans" in page
    assert "Er is nog niets besloten." in page
    assert open_proposal(story).state == "open"
    assert "We vonden niemand anders" in browser.post(link, data={"choice": "search", "name": "Xyzzy"}).text


def test_who_can_not_be_chosen_is_told_with_the_reason(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    story.db.execute("UPDATE experts SET active = 0 WHERE organisation = 'Avans'")
    page = unescape(browser.post(link, data={"choice": "search", "name": "beeld en verhaal"}).text)
    assert "Docent beeld en verhaal, Avans: doet nu niet mee" in page
    assert numbers(page) == ["1", "2", "3"]


def test_a_colleague_takes_over_and_the_link_says_so(story: Story, browser: TestClient) -> None:
    old = link_in(proposed(story))
    colleague = a_colleague(story)
    assert f'value="{colleague.id}"' in browser.get(old).text
    assert "Je collega beslist nu" in browser.post(old, data={"choice": "hand_over", "colleague": colleague.id}).text
    assert open_proposal(story).adviser_id == colleague.id
    for answer in (browser.get(old), browser.post(old, data={"choice": "yes"})):
        assert "ligt nu bij een collega" in answer.text
    assert the_case(story).state == "proposed"
    browser.post(link_in(the_proposal(story.go_on())), data={"choice": "yes"})
    assert the_case(story).state == "accepted"


def test_a_question_is_put_to_the_initiator_and_the_link_goes_on_working(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    told = browser.post(link, data={"choice": "ask", "question": "Doet de gemeente mee?"}).text
    assert "We stelden je vraag" in told
    assert "Doet de gemeente mee?" in letter_to(story.go_on(), SHOP).text
    browser.post(link, data={"choice": "yes"})
    assert the_case(story).state == "accepted"


def test_later_is_a_working_day_of_the_list(story: Story, browser: TestClient) -> None:
    link = link_in(proposed(story))
    shown = browser.get(link).text
    assert "Volgende week: maandag 23 november" in shown
    assert "Over twee weken: maandag 30 november" in shown
    days = sorted(re.findall(r'<option value="(\d{4}-\d\d-\d\d)">(?:[\w ]+: )?(\w+)', shown))
    assert len(days) == 10
    assert not {"zaterdag", "zondag"} & {name for _, name in days}
    assert browser.post(link, data={"choice": "later", "day": "2031-01-01"}).status_code == 422
    assert "We komen erop terug" in browser.post(link, data={"choice": "later", "day": days[1][0]}).text
    story.later(timedelta(days=2))
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert "reminder" in templates(story)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"why": "no_fit"}, "no_fit"),
        ({"reason": "Wij kennen ze niet"}, "Wij kennen ze niet"),
        ({"why": "no_fit", "reason": "het gaat om zorg"}, "past niet bij de vraag: het gaat om zorg"),
        ({"why": "nonsense"}, ""),
    ],
)
def test_a_no_has_a_reason_of_the_list_or_own_words(
    story: Story, browser: TestClient, fields: dict[str, str], reason: str
) -> None:
    browser.post(link_in(proposed(story)), data={"choice": "no", **fields})
    first = proposals.of_case(story.db, the_case(story).id)[0]
    assert (first.state, first.reason) == ("declined", reason)
    confirmed = next(one for one in story.go_on() if one.subject.startswith("Je hebt nee gezegd"))
    assert "no_fit" not in confirmed.text


@pytest.mark.parametrize(
    "fields",
    [{"choice": "search"}, {"choice": "ask", "question": "  "}, {"choice": "later"}, {"choice": "hand_over"}, {}],
)
def test_what_is_left_empty_changes_nothing_and_shows_the_page_again(
    story: Story, browser: TestClient, fields: dict[str, str]
) -> None:
    link = link_in(proposed(story))
    before = open_proposal(story)
    answer = browser.post(link, data=fields)
    assert (answer.status_code, numbers(answer.text)) == (422, ["1", "2", "3"])
    assert 'role="alert"' in answer.text
    assert open_proposal(story) == before


def test_every_field_of_the_page_has_a_label(story: Story, browser: TestClient) -> None:
    page = browser.get(link_in(proposed(story))).text
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*\bid=\"(\w+)\"", page)
    assert set(fields) == set(re.findall(r'<label for="(\w+)"', page))
    assert "<script" not in page
