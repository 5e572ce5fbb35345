"""Every code that people get to see has words, in Dutch and, where initiators read it, in every language of letters."""

from typing import get_args

import pytest

from bot.clock.unanswered import TOLD_AS
from bot.clock.undecided import NOT_DECIDED
from bot.letters import LANGUAGES
from bot.reasons import UnknownWord, column_problem, need_words, word_tables, words, words_or_code
from bot.store import letters, reviews
from bot.store.weights import WeightsState
from expertise.experts import Problem, RowError
from inbox import automatic, automatic_text, language
from inbox.budget_words import Budget
from inbox.message import Channel
from inbox.privacy_right import Right
from inbox.telegram import UNREAD
from matcher.constraints import Reason
from matcher.features import FEATURES
from matcher.proposal import CaseState, ProposalState
from matcher.routing import RouteReason
from matcher.rules import RULES, Eligibility, Outcome

READ_BY_INITIATORS = (
    "eligibility_letter",
    "finding",
    "question",
    "status",
    "privacy_letter",
    "month",
    "unread",
    "chat_menu",
    "choice",
    "phase",
    "follow_up",
    "consent_told",
    "pointer",
    "press_refused",
    "link_chat",
    "link_subject",
    "link_mail",
    "link_after",
)


def test_every_finding_has_words() -> None:
    codes = {f"{rule.name}.{outcome}" for rule in RULES for outcome in get_args(Outcome)}
    assert codes == set(word_tables("nl")["finding"])
    assert {*(rule.fact for rule in RULES), *TOLD_AS, "consent"} == set(word_tables("nl")["question"])


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("automatic", {code for code, _ in (*automatic.RULES, *automatic_text._RULES)}),
        ("budget", {*get_args(Budget), "unknown"}),
        ("case_state", set(get_args(CaseState))),
        ("channel", set(get_args(Channel))),
        ("eligibility", set(get_args(Eligibility))),
        ("eligibility_letter", set(get_args(Eligibility))),
        ("language", {*language._CODES, "ar", "bg", "ru", "uk"}),
        ("left_out", set(get_args(Reason))),
        ("letter_state", set(get_args(letters.State))),
        ("outcome", set(get_args(Outcome))),
        ("phase", {"1", "2", "3", "4", "5", "unknown"}),
        ("privacy_letter", set(get_args(Right))),
        ("privacy_request", set(get_args(Right))),
        ("proposal_state", set(get_args(ProposalState))),
        ("routed", {*get_args(RouteReason), NOT_DECIDED}),
        ("review_state", set(get_args(reviews.State))),
        ("row_problem", set(get_args(Problem))),
        ("status", set(get_args(CaseState))),
        ("feature", set(FEATURES)),
        ("unread", {*UNREAD, "document"}),
        ("weights_state", set(get_args(WeightsState))),
    ],
)
def test_every_code_has_words_and_no_words_are_left_over(table: str, codes: set[str]) -> None:
    assert word_tables("nl")[table].keys() == codes


def test_a_mistake_in_a_pool_file_names_row_and_column() -> None:
    assert column_problem(RowError(4, "needs", "unknown_need", "vliegen")) == (
        "Rij 4, kolom needs: dit onderwerp kennen we niet. Er staat: vliegen."
    )
    assert column_problem(RowError(1, "email", "missing_column", "")) == "Rij 1, kolom email: deze kolom ontbreekt."
    assert column_problem(RowError(3, "", "extra_cell", "\x1b[31m x")) == (
        "Rij 3: deze rij heeft te veel cellen. Er staat: [31m x."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", READ_BY_INITIATORS)
def test_every_language_has_what_initiators_read(table: str, language: str) -> None:
    assert word_tables(language)[table].keys() == word_tables("nl")[table].keys()
    assert all(text.strip() == text != "" for text in word_tables(language)[table].values())


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each not in ("nl", "en")])
def test_every_language_has_the_words_that_english_has(language: str) -> None:
    english, other = word_tables("en"), word_tables(language)
    assert {name: set(table) for name, table in other.items()} == {name: set(table) for name, table in english.items()}


def test_yes_no_and_unknown_are_words_too() -> None:
    assert [words("provincial_dependence", value) for value in (True, False, None)] == ["ja", "nee", "onbekend"]
    assert words("phase", 3) == "oplossingen bedenken"


def test_a_code_without_words_is_an_error_except_where_nothing_may_fail() -> None:
    with pytest.raises(UnknownWord, match=r"kind\.nothing"):
        words("kind", "nothing")
    with pytest.raises(UnknownWord, match="xx"):
        word_tables("xx")
    assert words_or_code("kind", "nothing") == "nothing"


def test_a_need_has_the_label_of_its_topic_or_a_translation() -> None:
    assert need_words("impact", "Impactmonitoring") == "Impactmonitoring"
    assert need_words("impact", "Impactmonitoring", "en") == "Measuring impact"
    assert need_words("new_topic", "Nieuw onderwerp", "en") == "Nieuw onderwerp"
