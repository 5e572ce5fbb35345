"""What the pages for initiators refuse and keep to themselves: wrong forms, other sites, other people, too many."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.settings import Web
from bot.story import Story
from bot.web.app import LARGEST_FILE, make_app
from bot.web.limit import Limit
from tests.conftest import MONDAY
from tests.mails import COMPLETE, INCOMPLETE
from tests.web_visits import ask, kept, press_in, send, write_back


def test_the_forms_say_that_a_person_decides(browser: TestClient) -> None:
    page = browser.get("/vraag").text
    assert "Een computer leest je bericht" in page
    assert "beslist een mens" in page
    assert 'href="/vraag"' in browser.get("/").text


@pytest.mark.parametrize(
    ("text", "file", "field", "sentence"),
    [
        ("  ", None, "text", "Schrijf eerst je vraag."),
        ("a" * 20_001, None, "text", "20.001 tekens"),
        (COMPLETE, ("foto.jpg", b"\xff\xd8"), "file", "eindigt op .xlsx, .ods of .csv"),
        (COMPLETE, ("begroting.xlsx", b"\xd0\xcf\x11\xe0 old"), "file", "wachtwoord"),
        (COMPLETE, ("begroting.csv", b"\x00\x01\x02"), "file", "geen CSV-bestand"),
        (COMPLETE, ("begroting.ods", b""), "file", "leeg"),
        (COMPLETE, ("begroting.csv", b"a;b\n" * (LARGEST_FILE // 4 + 1)), "file", "te groot"),
    ],
)
def test_a_wrong_form_comes_back_filled_in_and_says_what_is_wrong(
    story: Story, browser: TestClient, text: str, file: tuple[str, bytes] | None, field: str, sentence: str
) -> None:
    press = press_in(browser.get("/vraag").text)
    answer = send(browser, "/vraag", {"press": press, "text": text, "name": "De <Kas>"}, file)
    page = answer.text
    assert answer.status_code == 422
    assert "<title>Fout: " in page
    assert f'<a href="#{field}">' in page
    assert f'id="{field}-problem"' in page
    assert re.search(rf'id="{field}" [^>]*aria-invalid="true" aria-describedby="{field}-hint {field}-problem"', page)
    assert sentence in page
    assert "De &lt;Kas&gt;" in page
    assert text.strip()[:200] in unescape(page)
    assert kept(story) == 0


def test_a_double_press_stores_once_and_shows_the_same_page(story: Story, browser: TestClient) -> None:
    press = press_in(browser.get("/vraag").text)
    fields = {"press": press, "text": INCOMPLETE}
    first, second = (send(browser, "/vraag", fields).headers["location"] for _ in range(2))
    assert first == second
    assert kept(story) == 1
    story.go_on()
    press = press_in(browser.get(first).text)
    for _ in range(2):
        send(browser, first, {"press": press, "text": "Wij zitten in Oss."})
    assert kept(story) == 2
    send(
        browser, first, {"press": press, "text": "Wij zitten in Oss, in de wijk Ruwaard."}
    )  # back, changed, sent again
    assert kept(story) == 3


def test_another_address_shows_nothing(story: Story, browser: TestClient) -> None:
    mine, theirs = ask(browser, COMPLETE), ask(browser, INCOMPLETE)
    story.go_on()
    assert "buurttuin" in browser.get(theirs).text
    assert "buurttuin" not in browser.get(mine).text
    public = str(story.db.execute("SELECT public_id FROM conversations LIMIT 1").fetchone()[0])
    changed = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    for wrong in (changed, f"/gesprek/{public}", "/gesprek/x", "/gesprek/" + "a" * 3000):
        for path in (wrong, f"{wrong}/stoppen"):
            answer = browser.get(path)
            assert answer.status_code == 404
            assert "Vessem" not in answer.text
        for path in (
            wrong,
            *(f"{wrong}/{end}" for end in ("status", "stoppen", "gegevens", "toestemming", "bereikbaar")),
        ):
            assert (
                browser.post(path, data={"text": "x", "choice": "yes", "contact": "a@example.org"}).status_code == 404
            )
    assert kept(story) == 2


def test_the_database_holds_no_key_to_a_page(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    story.go_on()
    secret = story.wiring.links.conversation_secret_in(path.removeprefix("/gesprek/"))
    assert secret is not None
    browser.get(path)
    dump = "\n".join(story.db.conn.iterdump())
    for hidden in (secret, path.removeprefix("/gesprek/")):
        assert hidden not in dump
        assert hidden.encode().hex().upper() not in dump
    assert story.wiring.links.secret_in(path.removeprefix("/gesprek/")) is None  # it opens no decision


def test_a_page_stays_as_long_as_its_case_is_kept(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    story.later(timedelta(days=300))
    write_back(browser, path, "Wij zitten in Oss.")
    story.go_on()
    story.later(timedelta(days=300))
    assert browser.get(path).status_code == 200
    story.later(timedelta(days=100))
    gone = browser.get(path)
    assert gone.status_code == 410
    assert "Oss" not in gone.text
    assert send(browser, path, {"text": "Hallo"}).status_code == 410


def test_markup_of_the_writer_stays_text(story: Story, browser: TestClient) -> None:
    hostile = INCOMPLETE.replace("buurttuin", '<script>alert(1)</script><div lang="nl" dir="ltr">\nbuurttuin\n</div>')
    path = ask(browser, hostile, "<b>Wij</b>")
    before = browser.get(path).text
    story.go_on()
    for page in (before, browser.get(path).text):
        assert "<script" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;" in page


def test_from_one_address_only_so_many_conversations_begin_in_an_hour(story: Story) -> None:
    web = replace(story.wiring.settings, web=Web(conversations_an_hour=2))
    wiring = replace(story.wiring, settings=web)
    app = make_app(wiring, story.shelf, lambda: story.now)
    with TestClient(app, follow_redirects=False) as browser:
        first = {"press": press_in(browser.get("/vraag").text), "text": INCOMPLETE}
        assert send(browser, "/vraag", first).status_code == 303
        assert send(browser, "/vraag", first).status_code == 303  # pressed twice: no new conversation
        path = ask(browser, INCOMPLETE)
        refused = send(browser, "/vraag", {"press": "x" * 30, "text": "Nog een vraag uit Oss"})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
        assert "Nog een vraag uit Oss" in refused.text
        story.go_on()
        write_back(browser, path, "Wij zitten in Oss.")  # who already talks goes on
        with TestClient(app, client=("192.0.2.9", 1), follow_redirects=False) as neighbour:
            ask(neighbour, INCOMPLETE)
        story.later(timedelta(minutes=61))
        ask(browser, INCOMPLETE)


def test_an_ipv6_connection_counts_as_one_and_old_visits_are_forgotten() -> None:
    limit, now = Limit(1), MONDAY
    assert limit.let_in("2001:db8::1", now)
    assert not limit.let_in("2001:db8::2", now)
    assert limit.let_in("2001:db8:0:1::2", now)
    assert limit.let_in("192.0.2.1", now)
    assert limit.let_in("", now + timedelta(hours=1))
    assert set(limit._seen) == {""}


def test_who_sends_faster_than_we_read_waits(story: Story, browser: TestClient) -> None:
    path = ask(browser, INCOMPLETE)
    story.go_on()
    press = press_in(browser.get(path).text)
    answers = [send(browser, path, {"press": press, "text": f"bericht {number}"}) for number in range(12)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [422] * 2
    assert "bericht 11" in answers[-1].text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elders.example.org"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "http://127.0.0.1:8080"}, 303),
        ({}, 303),
    ],
)
def test_a_form_on_another_site_stores_nothing(
    story: Story, browser: TestClient, headers: dict[str, str], status: int
) -> None:
    fields = {"press": "x" * 30, "text": INCOMPLETE}
    answer = browser.post("/vraag", data=fields, headers=headers)
    assert answer.status_code == status
    assert kept(story) == (status == 303)
    if status == 303:
        path = answer.headers["location"]
        assert browser.post(f"{path}/stoppen", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_only_these_pages_take_a_large_form(browser: TestClient) -> None:
    huge = {"text": "x" * 400_000}
    assert browser.post("/vraag", data=huge).status_code == 422
    assert browser.post("/bericht", data=huge).status_code == 413
    assert send(browser, "/vraag", {"text": "x"}, ("b.csv", b"x" * (2 * LARGEST_FILE + 300_000))).status_code == 413

    def pieces() -> Iterator[bytes]:
        yield b"text=x"

    assert browser.post("/vraag", content=pieces()).status_code == 413  # of unknown length


def test_pages_keep_their_guard_and_need_no_script(story: Story, browser: TestClient) -> None:
    path = ask(browser, COMPLETE)
    story.go_on()
    for page in ("/vraag", path, f"{path}/stoppen"):
        answer = browser.get(page)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text
        assert " style=" not in answer.text
    assert f"http://127.0.0.1:8080{path}" in browser.get(path).text
