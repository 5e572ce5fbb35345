"""Letters kept on this machine: they stand on disk, newest first, and one letter stays one letter."""

import asyncio
import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

from bot.channels.local_box import LocalBoxSettings, read_box, read_letter, send

SENDER = "socialeveerkracht@example.org"


def letter(number: int, text: str = "Goedemiddag\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = f"Brief {number} é", f"<brief.{number}@example.org>"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message


def keep(folder: Path, message: EmailMessage | bytes, recipient: str = "adviseur@example.org") -> str:
    return asyncio.run(send(message, SENDER, recipient, LocalBoxSettings(folder))).outcome


def test_letters_are_kept_newest_first(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        assert keep(tmp_path / "uit", letter(number)) == "sent"
        newest = read_box(tmp_path / "uit")[0]
        os.utime(tmp_path / "uit" / "new" / newest.name, (number, number))
    kept = read_box(tmp_path / "uit")
    assert [one.subject for one in kept] == ["Brief 3 é", "Brief 2 é", "Brief 1 é"]
    assert (kept[0].sender, kept[0].recipient) == (SENDER, "adviseur@example.org")
    assert (kept[0].text, kept[0].html.strip()) == ("Goedemiddag\n", "<p>Goedemiddag\n</p>")
    assert len(read_box(tmp_path / "uit", limit=2)) == 2
    assert list((tmp_path / "uit" / "tmp").iterdir()) == []


def test_it_is_a_maildir_that_other_programs_read(tmp_path: Path) -> None:
    keep(tmp_path / "uit", letter(1))
    box = mailbox.Maildir(tmp_path / "uit", create=False)
    assert [one["Message-ID"] for one in box] == ["<brief.1@example.org>"]
    (name,) = [path.name for path in (tmp_path / "uit" / "new").iterdir()]
    (tmp_path / "uit" / "new" / name).rename(tmp_path / "uit" / "cur" / f"{name}:2,S")
    assert read_box(tmp_path / "uit")[0].name == name
    found = read_letter(tmp_path / "uit", name)
    assert found is not None
    assert found.subject == "Brief 1 é"


def test_sending_again_adds_nothing(tmp_path: Path) -> None:
    keep(tmp_path, letter(1))
    keep(tmp_path, letter(1))
    keep(tmp_path, letter(1), recipient="initiatiefnemer@example.org")
    keep(tmp_path, letter(2))
    assert len(read_box(tmp_path)) == 3


def test_an_absent_box_is_empty_and_odd_names_find_nothing(tmp_path: Path) -> None:
    assert read_box(tmp_path / "weg") == []
    keep(tmp_path, letter(1))
    for name in ("", "onbekend", "../new", "*", "../../etc/passwd"):
        assert read_letter(tmp_path, name) is None


def test_damaged_and_hostile_letters_are_shown_not_followed(tmp_path: Path) -> None:
    hostile = b"Content-Type: text/plain; charset=bestaat-niet\r\nSubject: =?x?\r\n\r\n\xff\xfe tekst"
    assert keep(tmp_path, hostile, recipient="a@example.org\r\nBcc: b@example.org") == "sent"
    (kept,) = read_box(tmp_path)
    assert "tekst" in kept.text
    assert b"\r\nBcc" not in kept.raw


def test_a_disk_that_refuses_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "vol").write_text("geen map")
    assert keep(tmp_path / "vol", letter(1)) == "try_again"
