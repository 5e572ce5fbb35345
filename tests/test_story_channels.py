"""One person in two channels: half a conversation in each is one case; an adviser gets letters in both."""

from __future__ import annotations

from starlette.testclient import TestClient

from bot.store import cases, proposals
from bot.store.letters import KeptLetter
from bot.story import Story
from bot.web.app import make_app
from inbox.chat import web_line
from matcher.proposal import Case
from tests.channel_talk import all_letters, chat_of, mails, put_before, says, to, writes_on_page
from tests.linked_chats import ADVISER, ANNA, link, linked
from tests.mails import COMPLETE, INCOMPLETE, SHOP
from tests.web_visits import ask, press_button, words_of, write_back

ADVISER_ID = "p002"
HOME = "buren@example.org"


def only_case(story: Story, address: str = SHOP) -> Case:
    (case,) = cases.of_initiator(story.db, address)
    return case


def proposal_of(story: Story, case: Case) -> str:
    return proposals.of_case(story.db, case.id)[-1].state


def shown(story: Story, template: str, recipient: str, case: Case | None = None) -> KeptLetter:
    written = [each for each in to(all_letters(story.db), recipient) if each.template == template]
    return [each for each in written if case is None or each.case_id == case.id][-1]


def reply_address(letter: KeptLetter) -> str:
    return f"socialeveerkracht+{letter.reply_token}@example.org"


# The initiator


def test_asked_in_the_chat_and_answered_by_mail_is_one_case(story: Story) -> None:
    says(story, ANNA, INCOMPLETE)
    link(story, ANNA, SHOP)
    written = mails(story, SHOP, "Het is in Oss. De begroting sluit. Geen subsidie van de provincie.")
    case = only_case(story)
    assert (case.facts.municipality, case.facts.budget, case.initiator) == ("Oss", "closing", SHOP)
    assert "buurttuin" in cases.question_of(story.db, case.id)
    assert to(written, SHOP), "the letter goes to the channel of the latest message"
    assert not to(written, chat_of(ANNA))


def test_asked_by_mail_and_answered_in_the_chat_is_one_case(story: Story) -> None:
    mails(story, SHOP, INCOMPLETE)
    link(story, ANNA, SHOP)
    for words in ("Oss", "De begroting sluit", "Nee, geen subsidie van de provincie"):
        written = says(story, ANNA, words)
    case = only_case(story)
    assert (case.facts.municipality, case.facts.budget, case.channel) == ("Oss", "closing", "chat")
    assert to(written, chat_of(ANNA))
    assert not to(written, SHOP)
    assert case.reachable_at == SHOP, "who is introduced can still be mailed"


def test_status_tells_of_every_address(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    link(story, ANNA, SHOP)
    says(story, ANNA, f"/vraag {INCOMPLETE}")
    references = {case.reference for case in cases.of_initiator(story.db, SHOP)}
    assert len(references) == 2
    (letter,) = mails(story, SHOP, "Hoe staat het met mijn vraag?")
    assert letter.recipient == SHOP
    assert all(reference in letter.text for reference in references)


def test_a_stranger_sees_and_moves_nothing(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    (letter,) = says(story, 666, "/status")
    assert only_case(story).reference not in letter.text
    assert only_case(story).initiator == SHOP


def test_consent_in_the_chat_for_a_question_by_mail(story: Story) -> None:
    case = put_before(story, ADVISER_ID)
    link(story, ANNA, SHOP)
    proposal = shown(story, "proposal", ADVISER)
    mails(story, ADVISER, "Ja", to=reply_address(proposal))
    assert only_case(story).state == "accepted"
    assert shown(story, "consent_request", chat_of(ANNA)).case_id == case.id
    says(story, ANNA, "Ja, dat mag")
    assert (only_case(story).state, only_case(story).consent) == ("introduced", True)


def test_a_yes_by_mail_without_the_secret_is_no_consent_for_a_question_in_the_chat(story: Story) -> None:
    put_before(story, ADVISER_ID)
    link(story, ANNA, SHOP)
    proposal = shown(story, "proposal", ADVISER)
    mails(story, ADVISER, "Ja", to=reply_address(proposal))
    asked = shown(story, "consent_request", chat_of(ANNA))
    mails(story, SHOP, "Ja, dat mag.", In_Reply_To=asked.message_id)
    assert only_case(story).consent is None


def test_an_out_of_office_moves_nothing(story: Story) -> None:
    mails(story, SHOP, INCOMPLETE)
    link(story, ANNA, SHOP)
    mails(story, SHOP, "Ik ben er niet.", Auto_Submitted="auto-replied")
    assert only_case(story).channel == "chat"


def test_a_page_goes_on_by_mail(story: Story) -> None:
    page = "web:abc"

    def writes(text: str) -> list[KeptLetter]:
        return writes_on_page(story, page, web_line(page, "Buurvrouw", text, story.now))

    writes(INCOMPLETE)
    (code_mail,) = to(writes(f"/koppel {HOME}"), HOME)
    code = next(line for line in code_mail.text.splitlines() if line.isdigit())
    assert "horen nu bij elkaar" in to(writes(code), page)[0].text
    written = mails(story, HOME, "Het is in Oss. De begroting sluit. Geen subsidie van de provincie.")
    assert only_case(story, page).facts.municipality == "Oss"
    assert to(written, HOME)
    assert linked(story, HOME) is None, "a page is no chat"


def test_the_page_has_a_form_for_it(story: Story) -> None:
    with TestClient(make_app(story.wiring, story.shelf, lambda: story.now), follow_redirects=False) as browser:
        path = ask(browser, INCOMPLETE)
        story.go_on()
        assert press_button(browser, path, "koppelen", contact=HOME).status_code == 303
        (mail,) = [letter for letter in story.go_on() if letter.recipient == HOME]
        write_back(browser, path, next(line for line in mail.text.splitlines() if line.isdigit()))
        story.go_on()
        assert "horen nu bij elkaar" in words_of(browser, path)
        assert press_button(browser, path, "koppelen", contact="geen adres").status_code == 303
        story.go_on()
        assert "Wat is je mailadres?" in words_of(browser, path)
    (case,) = cases.of_initiator(story.db, HOME)
    assert (case.channel, case.contact) == ("web", "")


# The adviser


def test_an_adviser_gets_letters_in_the_chat_and_by_mail(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    assert shown(story, "proposal", ADVISER).case_id == case.id
    in_chat = shown(story, "proposal", chat_of(ANNA))
    assert (in_chat.channel, in_chat.case_id) == ("chat", case.id)
    assert in_chat.reply_token != shown(story, "proposal", ADVISER).reply_token
