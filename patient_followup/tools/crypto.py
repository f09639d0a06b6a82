# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Encryption and keyed hashes of protected values (I-3, D-9).

The key comes from the environment, never from the database: the variable
`PATIENT_FOLLOWUP_KEY`, or the file named by `PATIENT_FOLLOWUP_KEY_FILE`. Both
may hold several keys (a new line or a comma between them): the first one
encrypts, the others only read what they wrote, until everything is rekeyed.
"""

import base64
import hmac
import os
import re
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_VARIABLE = "PATIENT_FOLLOWUP_KEY"
KEY_FILE_VARIABLE = "PATIENT_FOLLOWUP_KEY_FILE"
MIN_KEY_LENGTH = 32


class KeyProblem(Exception):
    """The configured key cannot be used; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Key:
    """Derived keys of one secret: one encrypts, one hashes, one names it."""

    def __init__(self, secret):
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"cipher")))
        self._digest_key = _derive(secret, b"digest")
        self.id = _derive(secret, b"name")[:6].hex()

    def encrypt(self, text):
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, cipher):
        return self._fernet.decrypt(cipher.encode()).decode()

    def digest(self, kind, text):
        message = f"{kind}:{text}".encode()
        return hmac.digest(self._digest_key, message, "sha256").hex()


class Keyring:
    """The keys of a server; `fallback` hashes where no key is configured."""

    def __init__(self, secrets, fallback):
        self.keys = [_key(secret) for secret in secrets]
        self._fallback = _key(fallback)

    @property
    def current(self):
        return self.keys[0] if self.keys else None

    @property
    def current_id(self):
        """Return the name of the key new values are kept under; '' = none."""
        return self.current.id if self.current else ""

    def encrypt(self, text):
        return self.current.encrypt(text) if self.current else text

    def decrypt(self, key_id, cipher):
        """Return the clear value; KeyProblem when its key is missing."""
        if not key_id:
            return cipher
        key = next((key for key in self.keys if key.id == key_id), None)
        if not key:
            raise KeyProblem("missing")
        try:
            return key.decrypt(cipher)
        except InvalidToken:
            raise KeyProblem("damaged") from None

    def digest(self, kind, text):
        return (self.current or self._fallback).digest(kind, text)

    def digests(self, kind, text):
        """Return every hash the value may be kept under while keys change."""
        return [key.digest(kind, text) for key in [*self.keys, self._fallback]]


def read_secrets(environ=None):
    """Return the configured secrets, newest first; [] without configuration."""
    environ = os.environ if environ is None else environ
    text = environ.get(KEY_VARIABLE, "")
    path = environ.get(KEY_FILE_VARIABLE, "")
    if not text.strip() and path:
        text = _read_key_file(path)
    secrets = [part.strip() for part in re.split(r"[\n,]", text) if part.strip()]
    if any(len(secret) < MIN_KEY_LENGTH for secret in secrets):
        raise KeyProblem("short")
    return secrets


def _read_key_file(path):
    try:
        with open(path, encoding="utf-8") as key_file:
            text = key_file.read(65536)
    except (OSError, UnicodeDecodeError):
        raise KeyProblem("unreadable") from None
    if not text.strip():
        raise KeyProblem("unreadable")
    return text


@lru_cache(maxsize=16)
def _key(secret):
    return Key(secret)


def _derive(secret, purpose):
    return HKDF(
        algorithm=hashes.SHA256(),
        length=32,
        salt=b"patient_followup",
        info=purpose,
    ).derive(secret.encode())
