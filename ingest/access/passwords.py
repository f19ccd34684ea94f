"""Passwords: argon2id with OWASP's minimum, a few at a time, and the same work for an account that does not exist."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from ingest.access.errors import AccessError

SHORTEST = 15  # characters, where the password is the only factor: NIST SP 800-63B-4, 3.1.1.2
LONGEST = 1_024  # bytes of UTF-8; nobody is to buy work with length
CONCURRENT = 4  # hashes of 19 MiB at a time in this process
PATIENCE_SECONDS = 10.0

# OWASP Password Storage Cheat Sheet: argon2id, at least 19 MiB, two iterations, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1_024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)

_slots = threading.BoundedSemaphore(CONCURRENT)


def hash_password(password: str) -> str:
    """The hash of a new password, as argon2 spells it. Raises AccessError when the password is too short or too long."""
    secret = _normalised(password)
    if len(password) < SHORTEST:
        raise AccessError(f"the password is too short: {SHORTEST} characters at least, a sentence for example")
    if len(secret) > LONGEST:
        raise AccessError(f"the password is too long: {LONGEST} bytes at most")
    return hash_again(password)


def hash_again(password: str) -> str:
    """The hash of a password that was accepted before, with today's parameters."""
    with _Slot():
        return HASHER.hash(_normalised(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash. None, for nobody, takes as long and is always False."""
    secret = _normalised(password)
    if len(secret) > LONGEST:
        return False
    with _Slot():
        try:
            HASHER.verify(stored or _hash_of_nobody(), secret)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's, and is to be made anew while the password is known."""
    return HASHER.check_needs_rehash(stored)


class _Slot:
    """One of the hashes that may run now. Raises AccessError when none becomes free in time."""

    def __enter__(self) -> None:
        if not _slots.acquire(timeout=PATIENCE_SECONDS):
            raise AccessError("too many people are signing in at this moment: try again")

    def __exit__(self, *_: object) -> None:
        _slots.release()


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash(secrets.token_bytes(32))


def _normalised(password: str) -> bytes:
    """The same bytes however a keyboard composes the characters (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
