"""Answers in Polish, Ukrainian, Turkish and Arabic: a plain yes or no is understood, and doubt is never a yes."""

from __future__ import annotations

import pytest

from bot.reasons import words
from inbox.answer import read_answer
from inbox.asked import read_reply
from inbox.consent import consent_answer

ASKED = ("municipality", "budget", "provincial_dependence", "consent")


def consent(text: str) -> bool | None:
    """As bot/adviser/answering.py settles it: a plain answer first, then what the consent question makes of it."""
    plain = {"yes": True, "no": False}.get(read_answer(text).choice)
    return read_reply(text, ("consent",)).consent if plain is None else plain


def budget(text: str) -> str | None:
    return read_reply(text, ("budget",)).facts.budget


# Consent


@pytest.mark.parametrize(
    "text",
    [
        "Tak", "TAK!", "tak, proszę", "Tak, możecie przekazać moje dane.", "Zgadzam się.", "Ja zgadzam się", "zgoda",
        "Oczywiście", "Oczywiście, że tak", "Nie mam nic przeciwko.", "Nie mamy nic przeciwko temu", "No tak",
        "Nie ma problemu", "Jak najbardziej!", "Tak jest", "Tak, zgadzam sie", "Wyrażam zgodę",
        "Dzień dobry,\ntak", "Merhaba, evet", "Добрий день! Так.", "السلام عليكم، نعم",
        "Так", "ТАК", "так, будь ласка", "Згода!", "Погоджуюся", "погоджуюсь", "Звичайно", "Не проти", "Я не проти.",
        "Так, звичайно, можна", "Не маю нічого проти", "Без проблем",
        "Evet", "EVET", "evet, lütfen", "Tamam", "Tamam, olur", "Olur", "Tabii ki", "Sorun yok", "Kabul ediyorum",
        "Evet, verebilirsiniz.", "Benim için sorun yok",
        "نعم", "نَعَمْ", "نعم، شكرًا", "موافق", "أوافق", "أوافق على ذلك", "لا مانع", "لا مانع لدي", "لا بأس", "لا مشكلة",
        "طبعًا", "ليس لدي مانع", "ما عندي مانع", "\u200fنعم\u200f",
        "Tak\n\nPozdrawiam,\nprzewodnicząca", "Evet\n\nSelamlar", "نعم\n\nمع التحية",
    ],
)  # fmt: skip
def test_a_clear_yes(text: str) -> None:
    assert consent_answer(text) is True
    assert consent(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Nie", "NIE.", "nie, dziękuję", "Nie chcę.", "Raczej nie", "Nie zgadzam się", "Oczywiście, że nie", "nie chce",
        "Ні", "ні, дякую", "Не хочу", "Не треба", "Я не хочу", "Не погоджуюся", "Звичайно, ні",
        "Hayır", "HAYIR", "hayir", "İstemiyorum", "Olmaz", "Hayır, istemiyoruz",
        "لا", "لا، شكرًا", "لا أريد", "لا أوافق", "غير موافق", "كلا", "لست موافقًا",
    ],
)  # fmt: skip
def test_a_clear_no(text: str) -> None:
    assert consent_answer(text) is False
    assert consent(text) is False


def is_no_yes(yes: str, doubt: str) -> None:
    for text in (f"{yes}, {doubt}", f"{yes} {doubt}", f"4. {yes}, {doubt}."):
        assert consent(text) is None, text
        assert read_reply(text, ASKED).consent is None, text


@pytest.mark.parametrize("yes", ["Tak", "Zgadzam się", "Oczywiście", "Zgoda", "Nie mam nic przeciwko", "Ok"])
@pytest.mark.parametrize(
    "doubt",
    [
        "ale najpierw zadzwońcie", "najpierw chcę porozmawiać", "tylko e-mail", "jeśli to bezpieczne", "jeżeli można",
        "może", "chyba", "pod warunkiem, że zadzwoni", "gdy zarząd się zgodzi", "czy to coś kosztuje", "Ale nie teraz",
        "po rozmowie z zarządem", "moze pozniej", "jesli trzeba",
    ],
)  # fmt: skip
def test_polish_doubt_is_no_yes(yes: str, doubt: str) -> None:
    is_no_yes(yes, doubt)


@pytest.mark.parametrize("yes", ["Так", "Згода", "Звичайно", "Погоджуюся", "Не проти", "Ok"])
@pytest.mark.parametrize(
    "doubt",
    [
        "але спочатку подзвоніть", "спершу поговоримо", "лише пошта", "тільки ім'я", "якщо це безпечно", "можливо",
        "мабуть", "за умови, що він подзвонить", "коли правління погодиться", "чи це щось коштує", "но потом",
        "після розмови",
    ],
)  # fmt: skip
def test_ukrainian_doubt_is_no_yes(yes: str, doubt: str) -> None:
    is_no_yes(yes, doubt)


@pytest.mark.parametrize("yes", ["Evet", "Tamam", "Olur", "Kabul ediyorum", "Sorun yok", "EVET", "Ok"])
@pytest.mark.parametrize(
    "doubt",
    [
        "ama önce arayın", "fakat şimdi değil", "ancak sadece e-posta", "belki", "önce konuşalım", "sadece e-posta",
        "eğer ücretsizse", "veya hayır", "ama once arayin", "ÖNCE ARAYIN", "ararsanız", "bir şartla", "mı acaba",
    ],
)  # fmt: skip
def test_turkish_doubt_is_no_yes(yes: str, doubt: str) -> None:
    is_no_yes(yes, doubt)


@pytest.mark.parametrize("yes", ["نعم", "موافق", "أوافق", "لا مانع", "طبعا", "Ok"])
@pytest.mark.parametrize(
    "doubt",
    [
        "ولكن أولاً اتصلوا بي", "لكن ليس الآن", "ربما", "أولًا نتحدث", "فقط البريد", "إذا كان مجانيًا", "بشرط أن يتصل",
        "أو لا", "بعد موافقة الإدارة", "وَلٰكِنْ أوَّلاً",
    ],
)  # fmt: skip
def test_arabic_doubt_is_no_yes(yes: str, doubt: str) -> None:
    for text in (f"{yes}، {doubt}", f"{yes} {doubt}", f"4. {yes}، {doubt}.", f"٤. {yes}، {doubt}."):
        assert consent(text) is None, text
        assert read_reply(text, ASKED).consent is None, text


@pytest.mark.parametrize(
    "text",
    [
        "Tak?", "Так?", "Evet?", "نعم؟", "Zgoda? Na co?", "موافق؟", "Tak. Ale najpierw telefon.",
        "Так. Але спочатку я.",
        "Evet. Ama önce arayın.", "نعم. لكن أولا اتصلوا.", "Tak jak pisałem wcześniej", "Tak, jak pisałem",
        "Tak naprawdę to zależy", "Так само, як раніше", "Dobrze wiedzieć", "Zgoda zarządu jest potrzebna",
        "Tamam, anladım", "موافقة الإدارة مطلوبة", "Nie rozumiem pytania", "Не розумію", "لا أفهم السؤال",
        "Ja muszę zapytać zarząd", "Ja zapytam", "Może", "Можливо", "Belki", "ربما", "Pewnie później", "",
    ],
)  # fmt: skip
def test_what_leaves_doubt_is_neither(text: str) -> None:
    assert consent(text) is None


# Facts


@pytest.mark.parametrize("text", ["Tak", "oczywiście", "Так", "Звичайно", "Evet", "Tabii", "نعم", "طبعًا", "أكيد"])
def test_a_yes_about_a_fact(text: str) -> None:
    assert budget(text) == "closing"
    assert read_reply(text, ("provincial_dependence",)).facts.provincial_dependence is True


@pytest.mark.parametrize("text", ["Nie", "raczej nie", "Ні", "Hayır", "HAYIR", "لا", "Nie, jeszcze nie"])
def test_a_no_about_a_fact(text: str) -> None:
    assert budget(text) == "not_closing"
    assert read_reply(text, ("provincial_dependence",)).facts.provincial_dependence is False


@pytest.mark.parametrize(
    "text", ["Tak, chyba", "Może", "Так, мабуть", "Evet, belki", "نعم، ربما", "نعم؟", "Tak jak mówiłam", "لا مانع",
             "Nie mam nic przeciwko", "Ja muszę sprawdzić", "Nie rozumiem"],
)  # fmt: skip
def test_doubt_about_a_fact_is_neither(text: str) -> None:
    assert budget(text) is None
    assert read_reply(text, ("provincial_dependence",)).facts.provincial_dependence is None


@pytest.mark.parametrize(
    "text",
    [
        "Spodziewam się, że tak", "spodziewamy sie tego", "Oczekuję tego", "Prawie się zamyka",
        "Jeszcze nie, ale oczekujemy",
        "Очікую, що так", "Сподіваюся", "сподіваюсь", "Сподіваємося, що так", "Майже сходиться",
        "Yetmesini bekliyorum", "Bunu bekliyoruz", "YETMESİNİ BEKLİYORUM", "أتوقع ذلك", "نتوقع ذلك", "نعم، أتوقّع ذلك",
    ],
)  # fmt: skip
def test_a_view_on_the_budget(text: str) -> None:
    assert budget(text) == "prospect"
    assert read_reply(f"1. Oss\n2. {text}", ASKED).facts.budget == "prospect"


@pytest.mark.parametrize(
    "text",
    [
        "Nie spodziewam się", "Nie oczekuję tego", "Oczekuję, że nie", "Не очікую", "Не сподіваюся",
        "Сподіваюся, що ні",
        "Beklemiyorum", "Beklemiyoruz", "Yetmemesini bekliyorum", "Cevap bekliyoruz", "لا أتوقع ذلك", "لا نتوقع",
        "أتوقع لا",
    ],
)  # fmt: skip
def test_a_view_that_is_denied(text: str) -> None:
    assert budget(text) != "prospect"
    assert budget(text) != "closing"


@pytest.mark.parametrize(
    "text",
    [
        "Nie wiem", "Tego nie wiem.", "nie wiemy", "Nie mam pojęcia", "nie mam pojecia", "Ja nie wiem",
        "Не знаю", "Ми не знаємо", "Гадки не маю", "Bilmiyorum", "bilmiyoruz", "BİLMİYORUM", "BILMIYORUM", "Fikrim yok",
        "لا أعرف", "لا نعرف", "لا أدري", "ليس لدي فكرة", "ليس لدي أي فكرة", "لا اعرف",
    ],
)  # fmt: skip
def test_not_knowing_is_neither_yes_nor_no(text: str) -> None:
    for name in ASKED:
        reply = read_reply(text, (name,))
        assert (reply.not_known, reply.consent) == ((name,), None)
        assert getattr(reply.facts, name, None) is None
    assert read_reply(f"1. Oss\n3. {text}", ASKED).not_known == ("provincial_dependence",)
    assert consent(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "١. أوس\n٢. نعم\n٣. لا\n٤. نعم", "۱. Oss\n۲. نعم\n۳. لا\n۴. نعم", "١- أوس\n٢- نعم\n٣- لا\n٤- نعم",
        "\u200f١. أوس\n\u200f٢. نعم\n\u200f٣. لا\n\u200f٤. نعم", "سؤال ١: أوس\nالسؤال ٢: نعم\nسؤال ٣: لا\nسؤال ٤: نعم",
        "Pytanie 1: Oss\nPytanie 2: tak\nPytanie 3: nie\nPytanie 4: tak",
        "Soru 1: Oss\nsoru 2: evet\n3) hayır\n4) olur",
        "Питання 1: Oss\nзапитання 2: так\n3. ні\n4. згода",
    ],
)  # fmt: skip
def test_a_number_may_be_written_in_every_way(text: str) -> None:
    reply = read_reply(text, ASKED)
    assert (reply.facts.municipality, reply.facts.budget) == ("Oss", "closing")
    assert (reply.facts.provincial_dependence, reply.consent) == (False, True)
    assert all(quoted in text for _, quoted in reply.facts.evidence)


@pytest.mark.parametrize(
    ("language", "proposed"),
    [
        ("pl", ("prawie się zamyka",)), ("uk", ("майже сходиться",)), ("tr", ("yetmesini bekliyorum",)),
        ("ar", ("أتوقع ذلك",)),
    ],
)  # fmt: skip
def test_our_own_questions_propose_words_that_are_read_here(language: str, proposed: tuple[str, ...]) -> None:
    for answer in proposed:
        assert answer in words("question", "budget", language)
        assert budget(answer) == "prospect"


def test_dutch_and_english_are_read_as_before() -> None:
    assert consent("Ja, aan diverse Amsterdamse mensen graag") is True
    assert consent("No problem") is True
    assert consent("Ja\n\nGroet, Silvia Tak") is True
