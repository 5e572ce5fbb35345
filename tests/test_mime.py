"""The mail that leaves reads back as the letter that was written, and is the same bytes every time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from bot.letter_samples import TOKEN, write_sample
from bot.letters import Letter
from bot.mime import MOST_REFERENCES, BadAddress, letter_to_mime, mailable

MESSAGE_ID = "<mm.1.0a1b2c@example.org>"
PARENT = f"<{'PA4PR04MB' * 12}@{'eurprd04.prod.outlook.' * 4}example.org>"


def mail_of(letter: Letter, in_reply_to: str | None = None, references: Sequence[str] = ()) -> EmailMessage:
    return letter_to_mime(
        letter,
        sender_name="Mix&Match, Versterken Sociale Veerkracht",
        sender_address="socialeveerkracht@example.org",
        message_id=MESSAGE_ID,
        in_reply_to=in_reply_to,
        references=references,
        date=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    )


def read_back(mail: EmailMessage) -> EmailMessage:
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def part_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_text_and_html_come_back_as_they_were() -> None:
    letter = write_sample("confirmation", name="Zoë Çelik", needs=[])
    read = read_back(mail_of(letter))
    assert read.get_content_type() == "multipart/alternative"
    assert part_of(read, "plain") == letter.text
    assert part_of(read, "html") == letter.html
    assert read["Subject"] == letter.subject
    assert read["To"] == "lezer@example.org"
    assert read["Content-Language"] == "nl"
    assert read["Date"].datetime == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_the_sender_keeps_its_comma_and_the_answer_finds_its_token() -> None:
    read = read_back(mail_of(write_sample("proposal")))
    (sender,) = read["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (
        "Mix&Match, Versterken Sociale Veerkracht",
        "socialeveerkracht@example.org",
    )
    assert read["Reply-To"] == f"socialeveerkracht+{TOKEN}@example.org"


def test_it_says_that_a_machine_wrote_it() -> None:
    new = read_back(mail_of(write_sample("proposal")))
    assert new["Auto-Submitted"] == "auto-generated"
    assert new["X-Auto-Response-Suppress"] == "All"
    assert "In-Reply-To" not in new
    answer = read_back(mail_of(write_sample("status"), in_reply_to="<vraag@example.org>"))
    assert answer["Auto-Submitted"] == "auto-replied"


def test_the_thread_is_kept_with_long_identifiers_whole() -> None:
    mail = mail_of(write_sample("status"), PARENT, ["<eerste@example.org>", f"{PARENT} <tweede@example.org>"])
    assert b"=?" not in mail.as_bytes().partition(b"Message-ID:")[2].partition(b"MIME-Version")[0]
    read = read_back(mail)
    assert read["In-Reply-To"].strip() == PARENT
    assert read["References"].split() == ["<eerste@example.org>", "<tweede@example.org>", PARENT]
    assert read["Message-ID"] == MESSAGE_ID


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    chain = [f"<{number}@example.org>" for number in range(500)]
    kept = read_back(mail_of(write_sample("status"), chain[-1], chain))["References"].split()
    assert len(kept) == MOST_REFERENCES
    assert (kept[0], kept[-1]) == (chain[0], chain[-1])


def test_foreign_identifiers_cannot_bring_in_headers() -> None:
    read = read_back(
        mail_of(write_sample("status"), "<a@example.org>\r\nBcc: x@example.org", ["geen", "<b@é>", "<c\r\n@d>"])
    )
    assert read["In-Reply-To"] == "<a@example.org>"
    assert read["References"] == "<a@example.org>"
    assert "Bcc" not in read


def test_the_same_row_gives_the_same_bytes_within_the_limits_of_smtp() -> None:
    letter = write_sample("proposal", initiative="Brúisend " * 60, name="界" * 60)
    raw = mail_of(letter, PARENT, [PARENT]).as_bytes()
    assert raw == mail_of(letter, PARENT, [PARENT]).as_bytes()
    assert raw == mail_of(letter, PARENT, [PARENT]).as_bytes(policy=SMTP)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.nl",
        "a@b@c.nl",
        "a@b.nl, c@d.nl",
        "a@b.nl\r\nBcc: c@d.nl",
        "A <a@b.nl>",
        "jösé@b.nl",
        "a..b@c.nl",
        "a@b..nl",
    ],
)
def test_what_is_not_one_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(BadAddress) as refused:
        mailable(address)
    assert len(address) < 4 or address not in str(refused.value)


def test_an_international_domain_is_written_in_ascii() -> None:
    assert mailable("info@buurthuís.example") == "info@xn--buurthus-i2a.example"
    with pytest.raises(ValueError, match="Message-ID"):
        letter_to_mime(
            write_sample("status"),
            sender_name="x",
            sender_address="a@example.org",
            message_id="x\r\n",
            in_reply_to=None,
            references=(),
            date=datetime(2026, 1, 1, tzinfo=UTC),
        )
