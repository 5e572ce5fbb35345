"""/health and /metrics: whether the service is well and its figures, for a machine; about nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot import logs
from bot.health.pulse import STALLED_SECONDS, Pulse
from bot.story import Story
from bot.web.app import make_app
from tests.mails import COMPLETE, SHOP, mail
from tests.store_builders import put


def figures(browser: TestClient, **headers: str) -> dict[tuple[str, str], float]:
    """Every figure by its name and label."""
    answer = browser.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def a_thread(ends: threading.Event, name: str) -> threading.Thread:
    thread = threading.Thread(target=ends.wait, name=name, daemon=True)
    thread.start()
    return thread


def test_a_service_is_well_until_a_part_ends_or_stalls(story: Story, browser: TestClient) -> None:
    now, ends = [0.0], threading.Event()
    pulse = Pulse(lambda: now[0])
    browser.app.state.pulse = pulse  # type: ignore[attr-defined]
    reader, clock = a_thread(ends, "reader"), a_thread(threading.Event(), "clock")
    for each in (reader, clock):
        pulse.watch(each)
    pulse.beat("clock")
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["parts"]) == (200, {"reader": "well", "clock": "well"})
    now[0] = STALLED_SECONDS + 1
    assert browser.get("/health").json()["parts"]["clock"] == "stalled"
    ends.set()
    reader.join()
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert answer.json()["parts"]["reader"] == "ended"
    assert figures(browser)["mixmatch_part_up", "reader"] == 0


def test_post_that_waits_long_is_behind(story: Story, browser: TestClient) -> None:
    put(story.db, now=story.now)
    assert browser.get("/health").json()["status"] == "ok"
    story.now += timedelta(hours=2)
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["letters_overdue"]) == (200, "behind", 1)
    assert figures(browser)["mixmatch_oldest_letter_seconds", ""] == 7200


def test_a_database_that_is_gone_is_told_without_a_page(story: Story, browser: TestClient) -> None:
    story.db.close()
    story.wiring.settings.database.write_bytes(b"kapot" * 1000)
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["problem"]) == (503, "NotADatabase")


def test_the_figures_are_those_of_the_store_and_name_nobody(story: Story, browser: TestClient) -> None:
    story.mail_arrives(mail(COMPLETE, now=story.now))
    logs.tell("something_happened", case=1)
    found = figures(browser)
    assert found["mixmatch_messages", "handled"] == 1
    assert found["mixmatch_proposals", "open"] == 1
    assert (
        sum(count for (name, _), count in found.items() if name == "mixmatch_letters")
        == story.db.execute("SELECT count(*) FROM letters").fetchone()[0]
    )
    assert found["mixmatch_events_total", "something_happened"] >= 1
    assert found["mixmatch_database_bytes", ""] > 0
    text = browser.get("/metrics").text
    assert SHOP not in text
    assert "@" not in text
    assert "Helmond" not in text


Asks = Callable[[TestClient], int]


@pytest.mark.parametrize(
    ("key", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("geheim", {}, 403),
        ("geheim", {"Authorization": "Bearer fout"}, 403),
        ("geheim", {"Authorization": "Bearer geheim"}, 200),
    ],
)
def test_only_who_may_measure_gets_figures(story: Story, key: str, headers: dict[str, str], status: int) -> None:
    settings = story.wiring.settings
    wiring = replace(story.wiring, settings=replace(settings, web=replace(settings.web, metrics_key=key)))
    with TestClient(make_app(wiring, story.shelf, lambda: story.now)) as client:
        assert client.get("/metrics", headers=headers).status_code == status


def test_counting_needs_no_look_at_every_letter(story: Story) -> None:
    for sql in ("waiting' AND state IN ('waiting', 'sending", "parked' AND state IN ('parked', 'unknown"):
        plan = story.db.execute(f"EXPLAIN QUERY PLAN SELECT count(*) FROM letters WHERE state = '{sql}')").fetchall()
        assert "INDEX letters_" in str(plan)
