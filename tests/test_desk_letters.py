"""Coordinators read every letter beforehand: all languages, as text and as mail, and nothing in it can do anything."""

from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.letter_samples import languages_of, ordinary_sample, samples_of, write_sample
from bot.letters import LANGUAGES, TEMPLATES, UnknownLetter
from bot.story import Story
from bot.web.desk_letters import READERS
from tests.at_the_desk import sign_in, words_of

PAGE = "/bureau/brieven"
SAMPLE = f"{PAGE}/voorbeeld"


def test_every_letter_has_its_readers() -> None:
    assert sorted(name for templates in READERS.values() for name in templates) == sorted(TEMPLATES)
    assert languages_of("question") == LANGUAGES
    assert languages_of("proposal") == ("nl",)


def test_samples_differ_and_the_ordinary_one_comes_first() -> None:
    samples = samples_of("review", "nl")
    assert samples[0] == ordinary_sample("review") == write_sample("review")
    assert len({each.text for each in samples}) == len(samples) > 1
    assert all("SV-2026-0001" in each.subject for each in samples)
    with pytest.raises(UnknownLetter):
        samples_of("review_of_nothing", "nl")


def test_the_list_leads_to_every_letter_in_every_language(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    page = words_of(browser, PAGE)
    for template in TEMPLATES:
        for language in languages_of(template):
            assert f'"{SAMPLE}/{template}/{language}"' in page
    assert page.count("<h1") == 1
    assert "Brieven die niet weg konden: 0" in page


@pytest.mark.parametrize("template", ["confirmation", "proposal", "introduction_expert", "review"])
def test_a_letter_is_shown_as_subject_text_and_mail(story: Story, browser: TestClient, template: str) -> None:
    sign_in(story, browser)
    for language in languages_of(template):
        samples = samples_of(template, language)
        for number, letter in ((1, samples[0]), (len(samples), samples[-1])):
            path = f"{SAMPLE}/{template}/{language}/{number}"
            page = browser.get(path).text
            assert letter.subject in unescape(page)
            assert letter.text in unescape(page)
            assert (
                f'<iframe class="mail" sandbox title="De brief zoals een mailbox hem toont" src="{path}/mail">' in page
            )
            assert browser.get(f"{path}/mail").text == letter.html


def test_a_sample_can_run_nothing_and_reach_nothing(story: Story, browser: TestClient) -> None:
    sign_in(story, browser)
    around = browser.get(f"{SAMPLE}/question/ar").headers
    assert around["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert around["content-security-policy"].endswith("; frame-src 'self'")
    assert around["x-frame-options"] == "DENY"
    mail = browser.get(f"{SAMPLE}/question/ar/1/mail").headers
    rules = mail["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox"} <= set(rules)
    assert "script" not in mail["content-security-policy"]
    assert (mail["x-frame-options"], mail["referrer-policy"], mail["cache-control"]) == (
        "SAMEORIGIN", "no-referrer", "no-store",
    )  # fmt: skip
    other = browser.get(PAGE).headers
    assert "frame-src" not in other["content-security-policy"]
    assert "unsafe" not in other["content-security-policy"]


@pytest.mark.parametrize("path", ["niets/nl", "proposal/en", "question/xx", "question/nl/0", "question/nl/99/mail"])
def test_a_letter_that_is_not_there_is_not_found(story: Story, browser: TestClient, path: str) -> None:
    sign_in(story, browser)
    assert browser.get(f"{SAMPLE}/{path}").status_code == 404


def test_only_coordinators_read_them(story: Story, browser: TestClient) -> None:
    paths = (PAGE, f"{SAMPLE}/question/nl", f"{SAMPLE}/question/nl/1/mail")
    assert [browser.get(path).status_code for path in paths] == [303] * 3
    adviser = next(one for one in story.shelf.current(story.db).experts if one.role == "adviser")
    sign_in(story, browser, adviser.email)
    assert [browser.get(path).status_code for path in paths] == [403] * 3
