"""Users: people and services, above all organizations. The operator makes them, or an invitation does."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from ingest.access import attempts, audit, passwords
from ingest.access.errors import AccessError, SignInRefusedError
from ingest.access.principal import operator_name
from ingest.access.transaction import transaction

EMAIL = re.compile(r"[^@\s\x00]+@[^@\s\x00]+")
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3
WRONG = "wrong address or password"


@dataclass(frozen=True)
class Proven:
    """A user who has just shown the password, and the hash that it was compared with."""

    user_id: int
    password_hash: str


@dataclass(frozen=True)
class User:
    """A user as people list them."""

    user_id: int
    email: str
    full_name: str
    status: str
    has_password: bool


def add(connection: psycopg.Connection, email: str, full_name: str, password: str | None) -> int:
    """Make a user; returns the number. Without a password (a service) only API keys sign in."""
    address = checked_email(email)
    password_hash = None if password is None else passwords.hash_password(password)
    with transaction(connection):
        user_id = insert(connection, address, full_name, password_hash)
        audit.record(connection, operator_name(connection), "user.add", f"user:{user_id}", email=address)
    return user_id


def set_password(connection: psycopg.Connection, email: str, password: str) -> None:
    """Give a user a password; whatever sessions there are end."""
    address = normalised_email(email)
    password_hash = passwords.hash_password(password)
    with transaction(connection):
        row = connection.execute(
            "update iam.users set password_hash = %s where email = %s and status = 'active' returning user_id",
            (password_hash, address),
        ).fetchone()
        if row is None:
            raise AccessError(f"there is no active user {address}")
        connection.execute("delete from iam.sessions where user_id = %s", row)
        attempts.forget_attempts(connection, address)
        audit.record(connection, operator_name(connection), "user.password", f"user:{row[0]}")


def deactivate(connection: psycopg.Connection, email: str) -> None:
    """Close an account: its sessions end and its keys stop. Raises AccessError for the last owner of an organization."""
    address = normalised_email(email)
    with transaction(connection):
        row = connection.execute(
            "update iam.users set status = 'deactivated' where email = %s and status = 'active' returning user_id", (address,)
        ).fetchone()
        if row is None:
            raise AccessError(f"there is no active user {address}")
        audit.record(connection, operator_name(connection), "user.deactivate", f"user:{row[0]}")


def list_all(connection: psycopg.Connection) -> list[User]:
    """All users, by address."""
    query = "select user_id, email, full_name, status, password_hash is not null as has_password from iam.users order by email"
    with transaction(connection), connection.cursor(row_factory=class_row(User)) as cursor:
        return cursor.execute(query).fetchall()


def prove(connection: psycopg.Connection, email: str, password: str) -> Proven:
    """The user to whom the password belongs.

    Raises SignInRefusedError with the same words after the same work for an unknown address, a closed account, one without a
    password and a wrong password; LockedOutError after too many attempts.
    """
    address = normalised_email(email)
    attempts.count_attempt(connection, address)
    with transaction(connection):
        row = (
            connection.execute(
                "select user_id, password_hash from iam.users"
                " where email = %s and status = 'active' and password_hash is not null",
                (address,),
            ).fetchone()
            if EMAIL.fullmatch(address)
            else None
        )
    user_id, stored = row or (None, None)
    if passwords.is_right(stored, password):
        assert user_id is not None and stored is not None, "nobody's password is never right"
        with transaction(connection):
            attempts.forget_attempts(connection, address)
        return Proven(user_id, stored)
    with transaction(connection):
        # What was typed for the address of an unknown user may be a password: it is not kept.
        audit.record(connection, "anonymous", "login.refuse", "nobody" if user_id is None else f"user:{user_id}")
    raise SignInRefusedError(WRONG)


def confirm(connection: psycopg.Connection, proven: Proven, password: str) -> None:
    """Once more, inside the transaction that acts on the proof: nothing has changed since. Renews an outdated hash."""
    row = connection.execute(
        "select from iam.users where user_id = %s and status = 'active' and password_hash = %s for no key update",
        (proven.user_id, proven.password_hash),
    ).fetchone()
    if row is None:
        raise SignInRefusedError(WRONG)
    if passwords.is_outdated(proven.password_hash):
        connection.execute(
            "update iam.users set password_hash = %s where user_id = %s",
            (passwords.hash_again(password), proven.user_id),
        )


def insert(connection: psycopg.Connection, email: str, full_name: str, password_hash: str | None) -> int:
    """Add the row of a user, inside a transaction."""
    try:
        row = connection.execute(
            "insert into iam.users (user_kind, email, full_name, password_hash) values (%s, %s, %s, %s) returning user_id",
            ("service" if password_hash is None else "person", email, full_name, password_hash),
        ).fetchone()
    except psycopg.errors.UniqueViolation as error:
        raise AccessError(f"there is a user {email} already") from error
    assert row is not None, "INSERT … RETURNING returns the row"
    return int(row[0])


def normalised_email(email: str) -> str:
    """The address as it is stored: lower case, without blanks around it."""
    return email.strip().lower()


def checked_email(email: str) -> str:
    """The address as it is stored. Raises AccessError when it cannot be one."""
    address = normalised_email(email)
    if not EMAIL.fullmatch(address) or len(address) > LONGEST_EMAIL:
        raise AccessError(f"{email!r} is not an address of e-mail")
    return address
