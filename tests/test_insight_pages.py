"""The desk's pages of insight and sharing: who may see what, what a form keeps, and nothing of a person slips out."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.coordinator.desk_people import Role
from bot.store import events, instruments, lessons, sharing
from bot.store.database import transaction
from bot.story import Story
from bot.web.insight import show
from bot.web.lessons import matching
from bot.web.signed_in import Desk, Person
from tests.advisers_at_work import ask
from tests.at_the_desk import csrf_in, press, sign_in, words_of
from tests.report_rows import Rows
from tests.shared_cases import introduced_case

PAGES = ("inzicht", "inzicht/zonder-expert", "initiatieven", "lessen", "instrumenten", "instrumenten/impactmonitor")
NEED = '[{"code":"financing","confidence":0.9,"evidence":"Bel Piet op 06 12345678 over een begroting."}]'


@pytest.fixture
def desk(story: Story, browser: TestClient) -> TestClient:
    """A browser in which a coordinator is signed in."""
    sign_in(story, browser)
    return browser


def questions(story: Story, place: str, count: int) -> None:
    rows = Rows(story.db, iter(range(len(place) * 100, 10_000)))
    for _ in range(count):
        rows.case(story.now - timedelta(days=3), municipality=place, needs=NEED, question="Bel Piet.", state="unserved")


def as_role(story: Story, browser: TestClient, role: Role) -> str:
    """The first page as somebody of this role sees it."""
    from starlette.requests import Request

    scope = {"type": "http", "method": "GET", "path": "/bureau/inzicht", "query_string": b"", "headers": []}
    person = Person("x", "Lezer", "lezer@example.org", role, "0")
    site = browser.app.state.site  # type: ignore[attr-defined]
    return unescape(bytes(show(Desk(site, story.db, person, Request(scope))).body).decode())


@pytest.mark.parametrize("page", PAGES)
def test_nobody_looks_without_signing_in(browser: TestClient, page: str) -> None:
    answer = browser.get(f"/bureau/{page}")
    assert (answer.status_code, answer.headers["location"].startswith("/bureau/aanmelden")) == (303, True)
    assert browser.post("/bureau/initiatieven/contact", data={"code": "slowcare", "agreed": "yes"}).status_code == 303


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_year_is_a_whole_page(desk: TestClient, page: str) -> None:
    text = words_of(desk, f"/bureau/{page}")
    assert len(re.findall("<h1", text)) == 1
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert "style=" not in text  # the security policy would drop it
    for field in re.findall(r'<(?:input|textarea|select)\b[^>]* id="([^"]+)"', text):
        assert f'<label for="{field}"' in text


def test_the_map_has_a_table_with_the_same_numbers(story: Story, desk: TestClient) -> None:
    questions(story, "Oss", 7)
    questions(story, "Zundert", 2)
    text = words_of(desk, "/bureau/inzicht")
    rows = dict(
        re.findall(r'<tr><th scope="row">([^<]+?) ?(?:<span.*?</span>)?</th><td class="number">(\S+)</td>', text)
    )
    assert (rows["Oss (focusstad)"], rows["Zundert"], rows["West-Brabant"]) == ("7", "2", "2")
    assert "9 in totaal" in text
    drawn = text[: text.index("<figcaption>")]  # the legend has dots too
    radius = dict(re.findall(r'<circle class="dot region-(\d)"[^>]* r="([\d.]+)"', drawn))
    assert float(radius["2"]) > float(radius["0"])
    assert "Oss (focusstad)" not in words_of(desk, "/bureau/inzicht?onderwerp=data")
    assert "Oss (focusstad)" in words_of(desk, "/bureau/inzicht?onderwerp=<script>")


def test_who_may_see_figures_only_cannot_work_out_small_ones(story: Story, browser: TestClient) -> None:
    questions(story, "Oss", 7)
    questions(story, "Zundert", 2)
    text = as_role(story, browser, "reader")
    assert '<td class="number">&lt;5</td>'.replace("&lt;", "<") in text
    assert "in totaal" not in text
    assert "zonder-expert" not in text
    assert "Vragen per regio" not in text
    assert 'class="bars"' not in text
    assert "in totaal" in as_role(story, browser, "adviser")


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"Oss": 9, "Zundert": 3, "Eersel": 1}, [("Oss", "9"), ("Eersel", "<5"), ("Zundert", "<5")]),
     ({"Oss": 9, "Zundert": 3}, [("Oss", "×"), ("Zundert", "<5")])],
)  # fmt: skip
def test_neither_a_sum_nor_the_order_tells_a_small_number(
    story: Story, browser: TestClient, asked: dict[str, int], told: list[tuple[str, str]]
) -> None:
    for place, count in asked.items():
        questions(story, place, count)
    text = as_role(story, browser, "reader")
    assert re.findall(r'<th scope="row">(\w+)[^<]*<span.*?<td class="number">(.*?)</td>', text) == told
    drawn = set(re.findall(r'class="dot region-\d" cx="\d+\.\d" cy="[\d.]+" r="([\d.]+)"', text))
    assert len(drawn) == len({number.isdecimal() for _, number in told})


def test_an_example_shows_no_way_to_reach_a_person(story: Story, desk: TestClient) -> None:
    questions(story, "Oss", 2)
    for row in list(story.db.query("SELECT id FROM cases")):
        with transaction(story.db):
            events.keep(story.db, row["id"], "unserved", "bot", story.now)
    text = words_of(desk, "/bureau/inzicht/zonder-expert")
    assert "over een begroting" in text
    assert "12345678" not in text


def test_a_coordinator_keeps_a_yes_and_takes_it_back(story: Story, desk: TestClient) -> None:
    hof = introduced_case(story, "hof@example.org", name="Het <b>Hof</b>")
    text = words_of(desk, "/bureau/initiatieven")
    assert hof.reference in text[text.index("Nog niet gevraagd</h2>") :]
    page, form = "/bureau/initiatieven", "/bureau/initiatieven/contact"
    press(desk, page, form, code=hof.reference, agreed="yes")
    text = desk.get(page).text
    assert "Initiatieven: 12" in text
    assert "<b>" not in text
    assert [row["person"] for row in events.of_case(story.db, hof.id) if row["event"] == "sharing_yes"] != [""]
    press(desk, page, form, code=hof.reference, agreed="no")
    press(desk, page, form, code="slowcare", agreed="no")
    assert "Initiatieven: 11" in words_of(desk, page)
    for wrong in ({"code": "niets", "agreed": "yes"}, {"code": "slowcare", "agreed": "misschien"}):
        press(desk, page, form, **wrong)
    told = [found.agreed for code in (hof.reference, "slowcare") if (found := sharing.find(story.db, code))]
    assert told == [False, False]
    assert sharing.find(story.db, "niets") is None
    assert desk.post(form, data={"code": "slowcare", "agreed": "yes"}).status_code == 403  # no csrf


def test_a_lesson_is_read_first_and_then_found(story: Story, desk: TestClient) -> None:
    hof = introduced_case(story, "hof@example.org", name="Het Hof")
    with transaction(story.db):
        lessons.tell(
            story.db, hof.id, "Het Hof", "Oss", ["financing"], "Vraag drie offertes, bel 06 12345678.", story.now
        )
    (waiting,) = lessons.with_state(story.db, "waiting")
    assert "12345678" not in words_of(desk, "/bureau/lessen")
    assert "0 van 0 lessen" in words_of(desk, "/bureau/lessen")
    press(desk, "/bureau/lessen", "/bureau/lessen/gelezen", id=str(waiting.id), state="shared")
    for wanted in ("offerte", "het hof", "OSS", "financiering", "drie vraag"):
        assert "1 van 1 les" in words_of(desk, f"/bureau/lessen?zoek={wanted}")
    assert "0 van 1 les" in words_of(desk, "/bureau/lessen?zoek=fferte")
    for wrong in ("-1", "x", "9" * 30, ""):
        press(desk, "/bureau/lessen", "/bureau/lessen/gelezen", id=wrong, state="hidden")
    assert matching(lessons.with_state(story.db, "shared"), "", {}) == lessons.with_state(story.db, "shared")


def test_a_lesson_recorded_at_the_desk_is_shared_at_once(story: Story, desk: TestClient) -> None:
    page, form = "/bureau/lessen", "/bureau/lessen/nieuw"
    assert press(desk, page, form, lesson=" ").status_code == 422
    assert press(desk, page, form, lesson="a" * 2001).status_code == 422
    press(desk, page, form, lesson="Begin met koffie.", initiative="Tuin", municipality="Oss", need_dialogue="1")
    (kept,) = lessons.with_state(story.db, "shared")
    assert (kept.lesson, kept.needs, kept.told_by, kept.case_id) == (
        "Begin met koffie.",
        ("dialogue",),
        "coordinator",
        None,
    )


def test_the_list_of_instruments_is_kept_by_a_form(story: Story, desk: TestClient) -> None:
    new, known = "/bureau/instrumenten/nieuw", "/bureau/instrumenten/impactmonitor"
    fields = {"name": "Dorpsfonds", "kind": "funder", "offered_by": "Dorp; Stad", "description": "Een fonds."}
    fields |= {"need_funders": "1", "active": "yes"}
    for wrong in ({"name": " "}, {"kind": "x"}, {"description": ""}, {"description": "Je krijgt hier geld."},
                  {"need_funders": ""}, {"name": "Impactmonitor"}, {"name": "Nieuw"}):  # fmt: skip
        assert press(desk, new, new, **{**fields, **wrong}).status_code == 422, wrong
    assert press(desk, new, new, **fields).status_code == 303
    added = instruments.in_use(story.db, story.wiring.instruments)[-1]
    assert (added.code, added.offered_by, added.kind) == ("dorpsfonds", ("Dorp", "Stad"), "funder")
    press(desk, known, known, **{**fields, "name": "Anders", "active": ""})
    assert "impactmonitor" not in {each.code for each in instruments.in_use(story.db, story.wiring.instruments)}
    assert "Anders" in words_of(desk, "/bureau/instrumenten")
    assert desk.get("/bureau/instrumenten/bestaat-niet").status_code == 404


def test_a_case_shows_who_is_alike_and_keeps_what_helped(story: Story, desk: TestClient) -> None:
    hof = introduced_case(story, "hof@example.org", name="Het Hof")
    page = f"/bureau/dossiers/{hof.reference}"
    assert "Wie heeft een vraag als deze?" in words_of(desk, page)
    assert "Wat we noemden naast de expert" in words_of(desk, page)
    (first, *_) = instruments.recommended_in(story.db, hof.id)
    press(desk, page, f"{page}/instrument", code=first.instrument, helped="yes")
    press(desk, page, f"{page}/instrument", code="onbekend", helped="yes")
    press(desk, page, f"{page}/instrument", code=first.instrument, helped="misschien")
    assert instruments.recommended_in(story.db, hof.id)[0].helped == "yes"
    assert instruments.help_counts(story.db)[first.instrument]["yes"] == 1


def test_the_second_of_two_coordinators_is_told(story: Story, desk: TestClient) -> None:
    """Also where no case is kept: what a colleague just changed is not written over unseen."""
    hof = introduced_case(story, "hof@example.org", name="Het Hof")
    page, known = f"/bureau/dossiers/{hof.reference}", "/bureau/instrumenten/impactmonitor"
    (first, *_) = instruments.recommended_in(story.db, hof.id)
    seen, line = desk.get(page).text, desk.get(known).text
    hidden = {
        "csrf": csrf_in(seen),
        "code": first.instrument,
        "version": re.findall(r'name="version" value="(\w+)"', seen)[0],
    }
    press(desk, page, f"{page}/instrument", code=first.instrument, helped="yes")
    late = desk.post(f"{page}/instrument", data={**hidden, "helped": "no"})
    assert (late.status_code, "Er is net iets in dit dossier veranderd" in late.text) == (409, True)
    assert instruments.recommended_in(story.db, hof.id)[0].helped == "yes"
    fields = {"name": "Van mij", "kind": "funder", "description": "Een fonds.", "need_funders": "1", "active": "yes"}
    press(desk, known, known, **fields)
    stamp = re.findall(r'name="stamp" value="(\w*)"', line)[0]
    late = desk.post(known, data={**fields, "csrf": csrf_in(line), "stamp": stamp, "name": "Van jou"})
    assert (late.status_code, "Een collega veranderde dit net" in late.text) == (409, True)
    assert 'value="Van mij"' in late.text
    assert "Van jou" not in words_of(desk, "/bureau/instrumenten")


def test_a_case_without_an_introduction_shows_what_we_name_and_the_list_leads_to_it(
    story: Story, desk: TestClient
) -> None:
    ask(story)
    shown = words_of(desk, "/bureau/dossiers/SV-2026-0001")
    assert "Wat we naast een expert noemen" in shown
    assert desk.get(re.findall(r'href="(/bureau/instrumenten/\w+)"', shown)[0]).status_code == 200


def test_what_helped_others_is_named_first(story: Story, desk: TestClient) -> None:
    told = [introduced_case(story, f"hof{number}@example.org") for number in range(3)]
    best = [each.instrument for each in instruments.recommended_in(story.db, told[0].id)]
    for case in told:
        page = f"/bureau/dossiers/{case.reference}"
        press(desk, page, f"{page}/instrument", code=best[0], helped="no")
        press(desk, page, f"{page}/instrument", code=best[-1], helped="yes")
    after = introduced_case(story, "hof4@example.org")
    now = [each.instrument for each in instruments.recommended_in(story.db, after.id)]
    assert now.index(best[-1]) < now.index(best[0]) if best[0] in now else best[-1] in now
