"""Secrets that the server makes: session tokens, invitations and API keys of 256 random bits. Only their SHA-256 is stored.

A fast hash is right here: nobody can guess 256 bits, however fast.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
KEY = re.compile(rf"(sw_(?:live|test)_[a-z2-7]{{8}})_{TOKEN.pattern}")
ENVIRONMENTS = ("live", "test")
PREFIX_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # of base32, as in the lake


@dataclass(frozen=True)
class ApiKey:
    """A whole API key. Its repr shows the prefix alone, so that a traceback or a log cannot spill it."""

    prefix: str
    secret: str = field(repr=False)


def new_token() -> str:
    """43 characters of URL-safe base64: 256 bits."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether the text has the form of a token."""
    return TOKEN.fullmatch(text) is not None


def new_key(environment: str) -> ApiKey:
    """A key `sw_<environment>_<8 of base32>_<43 of base64>`."""
    prefix = f"sw_{environment}_{''.join(secrets.choice(PREFIX_ALPHABET) for _ in range(8))}"
    return ApiKey(prefix, f"{prefix}_{new_token()}")


def parse_key(text: str) -> ApiKey | None:
    """The key, or None when the text has not the form of one."""
    found = KEY.fullmatch(text)
    return ApiKey(found.group(1), text) if found else None


def digest(secret: str) -> bytes:
    """What is stored of a secret: SHA-256 of its UTF-8, 32 bytes."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
