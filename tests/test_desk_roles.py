"""Every page and form of the desk: who may reach it by its address, and that no form works without our token."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.coordinator.desk_people import ROLES, Role
from bot.store import pool
from bot.story import Story
from bot.web.desk import routes
from bot.web.signed_in import Person
from tests.advisers_at_work import ask
from tests.at_the_desk import COORDINATOR, csrf_in, sign_in

OPEN_TO: dict[str, Role] = {
    "GET /bureau": "reader",
    "GET /bureau/weekverslag": "reader",
    "GET /bureau/weekverslag/{week}": "reader",
    "GET /bureau/weekverslag/{week}/xlsx": "reader",
    "GET /bureau/inzicht": "reader",
    "GET /bureau/initiatieven": "reader",
    "GET /bureau/inzicht/zonder-expert": "adviser",
    "GET /bureau/lessen": "adviser",
    "POST /bureau/lessen/nieuw": "adviser",
    "POST /bureau/mijn-pagina": "adviser",
}
"""What others than a coordinator may reach; all the rest is a coordinator's."""
FILLED = {
    "reference": "SV-2026-0001", "week": "2026-W46", "code": "impactmonitor", "id": "1", "template": "proposal",
    "language": "nl", "number": "1",
}  # fmt: skip


def named(route: Route) -> str:
    assert route.methods is not None
    return f"{'POST' if 'POST' in route.methods else 'GET'} {route.path}"


def path_of(route: Route) -> str:
    return re.sub(r"\{(\w+)(?::int)?\}", lambda found: FILLED[found[1]], route.path)


def reach(browser: TestClient, route: Route, csrf: str = "") -> int:
    if named(route).startswith("GET"):
        return browser.get(path_of(route)).status_code
    return browser.post(path_of(route), data={"csrf": csrf} if csrf else {}).status_code


@pytest.fixture
def people(story: Story, monkeypatch: pytest.MonkeyPatch) -> dict[Role, str]:
    """An address for each role."""
    monkeypatch.setattr(type(story.wiring.settings.programme), "all_readers", ("lezer@example.org",))
    adviser = next(one for one in pool.everyone(story.db) if one.role == "adviser" and one.active)
    return {"reader": "lezer@example.org", "adviser": adviser.email, "coordinator": COORDINATOR}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_its_own_pages_and_forms_only(
    story: Story, browser: TestClient, people: dict[Role, str], role: Role
) -> None:
    ask(story)
    sign_in(story, browser, people[role])
    token = csrf_in(browser.get("/bureau").text)
    person = Person("x", "x", people[role], role, "")
    for route in routes():
        allowed = person.may(OPEN_TO.get(named(route), "coordinator"))
        if allowed and named(route).startswith("POST"):
            assert reach(browser, route) == 403, (route.path, "without our token")
        elif not allowed:
            assert reach(browser, route, token) == 403, (role, route.path)
        else:
            assert reach(browser, route) in (200, 404), (role, route.path)


def test_who_is_not_signed_in_reaches_nothing(story: Story, browser: TestClient) -> None:
    ask(story)
    for route in routes():
        assert reach(browser, route, "x") == 303, route.path


def test_every_exception_is_a_page_of_ours() -> None:
    assert OPEN_TO.keys() <= {named(route) for route in routes()}


def test_a_status_is_told_in_our_own_words_only(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    page = browser.get("/bureau?gedaan=Bel+nu+0900-kwaad").text
    assert "0900-kwaad" not in page
    assert 'role="status"' not in page
