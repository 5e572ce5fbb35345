"""Links to our pages: signed, and only a way to show something; what they allow stands in the store."""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

SALT = "mixmatch-decision"
CONVERSATION_SALT = "mixmatch-conversation"
CHOICE_SALT = "mixmatch-choice"
ADVISER_SALT = "mixmatch-adviser"
SHARING_SALT = "mixmatch-sharing"
SHARING_LIFE = timedelta(days=365)  # what was learned may be told long after an introduction
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that looks like a digit
SECRET_LENGTH = 20
_IN_A_LINK = re.compile(r"(/(?:besluit|adviseur|gesprek|delen|bureau/aanmelden)/)[\w.=-]+")
_IN_WORDS = re.compile(r"\bMM-[0-9A-Z]{20}\b")
CHOICE_LENGTH = 32  # hexadecimal signs, 128 bits; Telegram lets a button carry 64 bytes


def new_secret() -> str:
    """A fresh decision token, 100 random bits in Crockford's base 32: easy to read aloud, hard to guess."""
    return "MM-" + "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def without_secrets(text: str) -> str:
    """A text for whom it was not written: by what is left in its links and its words nobody can act or sign in."""
    return _IN_WORDS.sub("MM-…", _IN_A_LINK.sub(r"\1…", text))


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks the links of one installation."""

    base_url: str
    key: bytes
    life: timedelta

    def decision(self, secret: str) -> str:
        """The address of the page on which this secret's decision can be taken."""
        return f"{self.base_url.rstrip('/')}/besluit/{self._signer().dumps(secret)}"

    def secret_in(self, signed: str) -> str | None:
        """The secret of a link, None when a single character was changed or it is too old."""
        try:
            secret = str(self._signer().loads(signed, max_age=int(self.life.total_seconds())))
        except BadSignature:
            return None
        return secret if _written_as_signed(signed) else None

    def old_secret_in(self, signed: str) -> str | None:
        """The secret of a link that we made, however old: it shows and decides nothing, but a fresh one may come."""
        try:
            secret = str(self._signer().loads(signed))
        except BadSignature:
            return None
        return secret if _written_as_signed(signed) else None

    def conversation(self, secret: str) -> str:
        """The address of somebody's own conversation page; how long it works stands in the store."""
        return f"{self.base_url.rstrip('/')}{self.conversation_path(secret)}"

    def conversation_path(self, secret: str) -> str:
        """The same address as seen from another of our pages."""
        return f"/gesprek/{self._conversation_signer().dumps(secret)}"

    def conversation_secret_in(self, signed: str) -> str | None:
        """The secret of a conversation page's address, None when a single character was changed."""
        try:
            secret = str(self._conversation_signer().loads(signed))
        except BadSignature:
            return None
        return secret if _written_as_signed(signed) else None

    def conversation_secret(self, press: str) -> str:
        """The secret of a conversation that begins with this press of a button: the same press, the same secret.

        Only who holds both the form's random `press` and the installation's key can know it.
        """
        return base64_encode(hmac.digest(self.key, f"{CONVERSATION_SALT} {press}".encode(), hashlib.sha256)).decode()

    def choice_secret(self, letter_key: str, position: int) -> str:
        """What the button of a choice carries, 32 signs: only who holds the installation's key can know it.

        It is made anew where a letter is shown, so that it is kept nowhere.
        """
        named = f"{CHOICE_SALT} {position} {letter_key}".encode()
        return hmac.digest(self.key, named, hashlib.sha256).hex()[:CHOICE_LENGTH]

    def adviser(self, secret: str) -> str:
        """The address of an adviser's own page; how long it works stands in the store."""
        return f"{self.base_url.rstrip('/')}{self.adviser_path(secret)}"

    def adviser_path(self, secret: str) -> str:
        """The same address as seen from another of our pages."""
        return f"/adviseur/{self._adviser_signer().dumps(secret)}"

    def adviser_secret_in(self, signed: str) -> str | None:
        """The secret of an adviser's page's address, None when a single character was changed."""
        try:
            secret = str(self._adviser_signer().loads(signed))
        except BadSignature:
            return None
        return secret if _written_as_signed(signed) else None

    def sharing(self, reference: str) -> str:
        """The address at which the initiator of a case tells what others may know of it."""
        return f"{self.base_url.rstrip('/')}/delen/{self._sharing_signer().dumps(reference)}"

    def sharing_reference_in(self, signed: str) -> str | None:
        """The reference of the case of such an address, None when a single character was changed or it is too old."""
        try:
            reference = str(self._sharing_signer().loads(signed, max_age=int(SHARING_LIFE.total_seconds())))
        except BadSignature:
            return None
        return reference if _written_as_signed(signed) else None

    def _sharing_signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key, salt=SHARING_SALT)

    def _adviser_signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt=ADVISER_SALT)

    def _conversation_signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt=CONVERSATION_SALT)

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key, salt=SALT)


def _written_as_signed(signed: str) -> bool:
    """Whether the signature is spelled as it was made: base 64 leaves two bits of its last character unread."""
    signature = signed.rpartition(".")[2]
    return base64_encode(base64_decode(signature)) == signature.encode()


def signing_key(path: Path) -> bytes:
    """The installation's own signing key, made at first use and readable by its owner only."""
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent) as fresh:  # made with mode 0600
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            os.fsync(fresh.fileno())
            with suppress(FileExistsError):  # another process was first: its key counts
                os.link(fresh.name, path)
    return path.read_bytes()
