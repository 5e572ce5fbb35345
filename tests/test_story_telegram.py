"""The service as a real process on Telegram and mail: a question in a chat, an adviser by mail, an introduction."""

import signal
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

import tests.dovecot
import tests.smtp_receiver
from bot.store import cases, messages
from bot.store.database import open_database
from matcher.encoder import Encoder
from tests.bot_api import BotApi
from tests.dovecot import Dovecot
from tests.mails import COMPLETE
from tests.smtp_receiver import SmtpReceiver
from tests.test_story_service import STEP_SECONDS, environment_for, reply, running_service, wait_for_mail

dovecot = tests.dovecot.dovecot
receiver = tests.smtp_receiver.receiver
pytestmark = pytest.mark.needs_dovecot

QUESTION = """Hallo, wij zijn een groep bewoners en willen zelf een dorpswinkel openen.
We zoeken iemand die met ons een verdienmodel en een meerjarenbegroting maakt."""


def test_a_question_by_telegram_becomes_an_introduction(
    dovecot: Dovecot, receiver: SmtpReceiver, telegram: BotApi, encoder: Encoder, tmp_path: Path
) -> None:
    del encoder  # unpacks the model once, so that the process doesn't have to
    address = dovecot.add_mailbox("socialeveerkracht")
    environment = {
        **environment_for(tmp_path / "data", dovecot, receiver, address),
        "MIXMATCH_TELEGRAM_TOKEN": telegram.token,
        "MIXMATCH_TELEGRAM_BASE_URL": telegram.base_url,
        "MIXMATCH_TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
    }
    sam = telegram.person("Bewoner", username="bewoner_vessem")

    def told(count: int) -> list[str]:
        return [sent.text for sent in telegram.wait_sent(sam, count, STEP_SECONDS)]

    with running_service(environment, tmp_path / "log"):
        telegram.writes(sam, "/start")
        assert "Vertel hier wat je wilt doen" in told(1)[0]
        telegram.writes(sam, QUESTION)
        assert "In welke gemeente" in told(2)[1]
        telegram.writes(
            sam,
            "Het is in Vessem. De begroting sluit nog niet helemaal, maar de bank heeft schriftelijk toegezegd dat"
            " zij meedoet. Van de provincie vragen we geen subsidie.",
        )
        assert "ontvangen" in told(3)[2].lower() or "dossier" in told(3)[2].lower()
        proposal = wait_for_mail(receiver, None, "Voorstel")
        assert b"bewoner_vessem" not in proposal.raw
        dovecot.deliver(address, reply(proposal, "Ja, doe maar."), sender=proposal.recipient)
        assert "Mogen we" in told(4)[3]
        telegram.writes(sam, "Ja, dank je wel!")
        last = "\n".join(told(6)[4:])
        assert "heeft een expert voor je gevonden" in last
        expert = wait_for_mail(receiver, None, "Wil je dit initiatief helpen")
        body = message_from_bytes(expert.raw, policy=default).get_body(("plain",))
        assert body is not None
        assert "Telegram @bewoner_vessem" in body.get_content()
    log = (tmp_path / "log").read_text()
    assert telegram.token not in log
    assert str(sam.id) not in log
    assert telegram.unconfirmed() == []
    with closing(open_database(tmp_path / "data" / "mixmatch.db")) as db:
        (case,) = cases.of_initiator(db, f"telegram:{sam.id}")
        assert (case.state, case.channel, case.consent) == ("introduced", "chat", True)


def test_killed_between_the_question_and_the_answer(
    dovecot: Dovecot, receiver: SmtpReceiver, telegram: BotApi, encoder: Encoder, tmp_path: Path
) -> None:
    del encoder
    address = dovecot.add_mailbox("socialeveerkracht")
    environment = {
        **environment_for(tmp_path / "data", dovecot, receiver, address),
        "MIXMATCH_TELEGRAM_TOKEN": telegram.token,
        "MIXMATCH_TELEGRAM_BASE_URL": telegram.base_url,
        "MIXMATCH_TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
    }
    people = [telegram.person(f"Bewoner {number}") for number in range(3)]
    with running_service(environment, tmp_path / "log") as process:
        for person in people:
            telegram.writes(person, COMPLETE)
        process.send_signal(signal.SIGKILL)
        process.wait(15)
    with running_service(environment, tmp_path / "log2"):
        for person in people:
            telegram.wait_sent(person, 1, STEP_SECONDS)
        telegram.wait_until(lambda: telegram.unconfirmed() == [], STEP_SECONDS)
    with closing(open_database(tmp_path / "data" / "mixmatch.db")) as db:
        assert messages.counts_by_state(db) == {"handled": 3}
        assert [len(cases.of_initiator(db, f"telegram:{person.id}")) for person in people] == [1, 1, 1]
    assert [len(telegram.sent(person)) for person in people] == [1, 1, 1]
