"""Makes a self-signed certificate for servers that tests start on loopback; nothing but tests ever trusts it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

OPENSSL_CONFIG = """
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, IP:127.0.0.1
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM files; the certificate doubles as the authority that a client must trust."""

    certificate: Path
    key: Path


def absent(what: str, packages: str) -> NoReturn:
    """Skip the test loudly because a program is absent; in CI that is a failure."""
    message = f"{what} is not installed: this test did NOT run. Install it with: apt-get install {packages}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def make_certificate(folder: Path) -> Certificate:
    """Write a fresh key and certificate for localhost and 127.0.0.1 into the folder."""
    program = shutil.which("openssl")
    if program is None:
        absent("openssl", "openssl")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    (folder / "openssl.cnf").write_text(OPENSSL_CONFIG)
    command: list[str | Path] = [
        program or "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "2", "-config", folder / "openssl.cnf", "-keyout", made.key, "-out", made.certificate,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return made
