"""The language of a text is told from its words; doubt means Dutch."""

import subprocess
import sys
import time

import pytest

from inbox.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "nl"),
        ("   ", "nl"),
        ("👍🙏", "nl"),
        ("12.500", "nl"),
        ("ok", "nl"),
        ("ja", "nl"),
        ("Dussen", "nl"),
        ("hoi hoe is t ermee", "nl"),
        ("hedde gij efkes tijd vur ons", "nl"),
        ("wa kost da, en wie kan d'r mee helpen", "nl"),
        ("de kas klopt nie mar we hebbe gin zorge", "nl"),
        ("Wij hebben een team voor design thinking en storytelling.", "nl"),
        ("hello", "en"),
        ("Hi, we are looking for someone who can help our community garden in Goirle.", "en"),
        ("Guten Tag, wir sind ein Verein und suchen jemanden für unsere Satzung.", "de"),
        ("danke schön", "de"),
        ("Dzień dobry, szukamy pomocy dla naszej grupy mieszkańców.", "pl"),
        ("dziękuję", "pl"),
        ("Merhaba, mahallemiz için yardım arıyoruz.", "tr"),
        ("Bonjour, nous cherchons de l'aide pour notre quartier.", "fr"),
        ("Hola, somos un grupo de vecinos y buscamos ayuda para nuestro barrio.", "es"),
        ("Siamo un gruppo di vicini e cerchiamo aiuto per il nostro quartiere.", "it"),
        ("نحن مجموعة جيران ونبحث عن مساعدة", "ar"),
        ("Ми група сусідів і шукаємо допомогу.", "uk"),
        ("Мы группа соседей, и мы ищем помощь, спасибо.", "ru"),
        ("Ние сме група съседи и търсим помощ за нашата идея.", "bg"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_place_name_in_another_script_does_not_decide() -> None:
    assert detect_language("Wij werken samen met buurvrouw Оксана aan een moestuin") == "nl"


def test_import_is_cheap() -> None:
    code = "import sys, inbox.language; sys.exit('lingua' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_message_takes_less_than_a_millisecond() -> None:
    text = "Wij zijn een dorpshuis en zoeken iemand die met ons naar de begroting kijkt. " * 4
    detect_language("zzz qqq xxx vvv")  # loads the model
    begin = time.process_time()
    for _ in range(200):
        detect_language(text)
        detect_language("zzz qqq xxx vvv")
    assert (time.process_time() - begin) / 400 < 0.001
