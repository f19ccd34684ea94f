"""What access refuses, for people to read. No message holds a secret, or tells whether an account exists."""

from __future__ import annotations

from ingest.errors import IngestError


class AccessError(IngestError):
    """Something cannot be done as asked; the message says why and what to do."""


class SignInRefusedError(AccessError):
    """A password, token or key does not prove what it should: always the same words for the same kind of proof."""


class LockedOutError(SignInRefusedError):
    """Too many guesses at one address, whether or not it has an account. It passes by itself."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many attempts to sign in with this address: try again in {seconds} s")
        self.seconds = seconds


class NotPermittedError(AccessError):
    """The one who asks is known, but may not do this."""
