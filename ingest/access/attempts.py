"""Lock-out: guesses at one address are slowed down, exponentially and never for good.

An attempt is counted and committed before the password is looked at, so parallel guesses cannot outrun the count. An
address without an account is treated alike.
"""

from __future__ import annotations

import hashlib

import psycopg

from ingest.access.errors import LockedOutError
from ingest.access.transaction import transaction

FREE = 5  # attempts before the first pause
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 900
MEMORY_SECONDS = 3_600  # after so long without an attempt, all are forgotten

COUNT = """
insert into iam.login_attempts as attempt (email_sha256, failures, last_attempt_at)
values (%(address)s, 1, clock_timestamp())
on conflict (email_sha256) do update set
    (failures, last_attempt_at, locked_until) = (
        select
            counted.failures,
            clock_timestamp(),
            case when counted.failures >= %(free)s then
                clock_timestamp()
                + make_interval(secs => least(%(longest)s, %(first)s * power(2, least(counted.failures - %(free)s, 30))))
            end
        from (
            select case
                when attempt.last_attempt_at < clock_timestamp() - make_interval(secs => %(memory)s) then 1
                else attempt.failures + 1
            end as failures
        ) as counted
    )
where attempt.locked_until is null or attempt.locked_until <= clock_timestamp()
returning failures
"""
REMAINING = """
select cast(ceil(extract(epoch from locked_until - clock_timestamp())) as integer)
from iam.login_attempts where email_sha256 = %s
"""
FORGET = """
delete from iam.login_attempts
where email_sha256 = %s or last_attempt_at < clock_timestamp() - make_interval(secs => %s)
"""


def count_attempt(connection: psycopg.Connection, email: str) -> None:
    """Count one attempt to sign in, for good. Raises LockedOutError when the address has to wait."""
    address = _address(email)
    parameters = {
        "address": address,
        "free": FREE,
        "first": FIRST_PAUSE_SECONDS,
        "longest": LONGEST_PAUSE_SECONDS,
        "memory": MEMORY_SECONDS,
    }
    with transaction(connection):
        if connection.execute(COUNT, parameters).fetchone() is not None:
            return
        remaining = connection.execute(REMAINING, (address,)).fetchone()
    raise LockedOutError(max(1, remaining[0] if remaining else 1))


def forget_attempts(connection: psycopg.Connection, email: str) -> None:
    """After a success: drop the count of the address, and whatever is too old to matter. Inside a transaction."""
    connection.execute(FORGET, (_address(email), MEMORY_SECONDS))


def _address(email: str) -> bytes:
    return hashlib.sha256(email.encode("utf-8", "surrogatepass")).digest()
