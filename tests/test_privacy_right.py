"""Which right over personal data a message calls on; where it calls on two, the one that loses nothing comes first."""

from __future__ import annotations

import pytest

from bot.letters import LANGUAGES
from bot.reasons import words
from inbox.privacy_right import RIGHTS, Right, requested_right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Laat mijn gegevens zien.", "see"),  # the words that our own letters propose
        ("Wis mijn gegevens.", "erase"),
        ("Ik wil graag inzage in wat jullie van mij bewaren.", "see"),
        ("Wat weten jullie van mij?", "see"),
        ("Which data do you keep?", "see"),
        ("Willen jullie alles over mij verwijderen?", "erase"),
        ("Graag al mijn gegevens laten WISSEN.", "erase"),
        ("Please delete everything you have on me.", "erase"),
        ("Mijn naam klopt niet.", "correct"),
        ("Kunnen jullie mijn mailadres wijzigen?", "correct"),
        ("Please correct my name.", "correct"),
        ("Stuur me een overzicht en verwijder daarna alles.", "see"),
        ("Wijzig mijn adres, of wis het.", "correct"),
        ("Een vraag over mijn gegevens.", "unknown"),
        ("We zoeken een wisselbeker.", "unknown"),
        ("", "unknown"),
        ("Proszę pokazać moje dane (RODO).", "see"),  # the words that our letters in other languages propose
        ("Proszę usunąć moje dane.", "erase"),
        ("Прошу показати мої персональні дані.", "see"),
        ("Прошу видалити мої персональні дані.", "erase"),
        ("Verilerimi görmek istiyorum.", "see"),
        ("Verilerimi silin.", "erase"),
        ("أريد أن أرى بياناتي.", "see"),
        ("احذفوا بياناتي.", "erase"),
        ("Proszę o wgląd w moje dane.", "see"),
        ("Usuńcie moje dane", "erase"),
        ("Prosze usunac wszystko", "erase"),
        ("Чи можна видалити все?", "erase"),
        ("VERİLERİMİ GÖREBİLİR MİYİM?", "see"),
        ("Bütün verilerimi silebilir misiniz?", "erase"),
        ("Verilerimin silinmesini istiyorum", "erase"),
        ("أطلب الاطلاع على بياناتي", "see"),
        ("أريد رؤية بياناتي", "see"),
        ("أطلب حذف بياناتي", "erase"),
        ("أَحْذِفُوا بياناتي", "erase"),
        ("Proszę poprawić mój adres.", "correct"),
        ("Виправте моє ім'я.", "correct"),
        ("Adımı düzeltin.", "correct"),
        ("أرجو تصحيح اسمي", "correct"),
        ("Groet van Silvia uit Gorinchem", "unknown"),
    ],
)
def test_the_right_that_is_asked_for(text: str, right: Right) -> None:
    assert requested_right(text) == right


def test_every_right_has_words_for_a_letter() -> None:
    for right, _ in (*RIGHTS, ("unknown", None)):
        for language in LANGUAGES:
            assert words("privacy_letter", right, language)
