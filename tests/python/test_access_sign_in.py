"""Signing in: nothing tells whether an account exists, guesses are slowed down, sessions rotate and end (attacks 22 to 24)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from argon2 import PasswordHasher

from ingest.access import attempts, members, passwords, sessions, users
from ingest.access.errors import AccessError, LockedOutError, SignInRefusedError
from ingest.connection import Target, connect
from tests.python.accounts import PASSWORD, Tenant, add_tenant

WRONG = "not the password of anybody"


class Watched:
    """The hasher, watched: which hashes it was asked to compare, and how many at a time."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.hasher = hasher
        self.compared: list[str] = []
        self.running = self.most = 0
        self.lock = threading.Lock()

    def verify(self, stored: str, secret: bytes) -> bool:
        with self.lock:
            self.compared.append(stored)
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            time.sleep(0.02)
            return self.hasher.verify(stored, secret)
        finally:
            with self.lock:
                self.running -= 1

    def __getattr__(self, name: str) -> object:
        return getattr(self.hasher, name)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    watched = Watched(passwords.HASHER)
    monkeypatch.setattr(passwords, "HASHER", watched)
    return watched


def refusal(connection: psycopg.Connection, email: str, password: str = WRONG) -> SignInRefusedError:
    with pytest.raises(SignInRefusedError) as refused:
        sessions.login(connection, email, password)
    return refused.value


def refusals_on_record(connection: psycopg.Connection) -> int:
    with connection.transaction():
        connection.execute("set local role saltworks_auth")
        row = connection.execute("select count(*) from iam.audit_events where action = 'login.refuse'").fetchone()
    assert row is not None
    return int(row[0])


def let_time_pass(connection: psycopg.Connection, interval: str) -> None:
    with connection.transaction():
        connection.execute("set local role saltworks_auth")
        connection.execute(
            "update iam.login_attempts set last_attempt_at = last_attempt_at - %(i)s::interval,"
            " locked_until = locked_until - %(i)s::interval",
            {"i": interval},
        )


def test_an_unknown_address_and_a_wrong_password_are_answered_alike_after_the_same_work(
    accounts: psycopg.Connection, brine: Tenant, watched: Watched
) -> None:
    service = users.add(accounts, "collector@brine.example", "Collector", None)
    closed = brine.add(accounts, "closed", "viewer")
    users.deactivate(accounts, closed)
    answers = set()
    for address in (brine.owner, "nobody@brine.example", "collector@brine.example", closed, "no address", "\x00@x"):
        watched.compared.clear()
        answer = refusal(accounts, address)
        (compared,) = watched.compared
        answers.add((type(answer), str(answer), compared.rsplit("$", 2)[0]))
    assert answers == {(SignInRefusedError, users.WRONG, "$argon2id$v=19$m=19456,t=2,p=1")}
    assert service


def test_the_right_password_signs_in_in_any_spelling_of_the_address(accounts: psycopg.Connection, brine: Tenant) -> None:
    assert sessions.login(accounts, f"  {brine.owner.upper()} ", PASSWORD).org_code == "brine"


def test_parallel_guesses_get_no_more_than_the_free_ones(accounts: psycopg.Connection, brine: Tenant, database: Target) -> None:
    def guess(_: int) -> type[Exception]:
        with connect(database) as connection, pytest.raises(SignInRefusedError) as refused:
            sessions.login(connection, brine.owner, WRONG)
        return refused.type

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(guess, range(16)))
    assert outcomes.count(SignInRefusedError) == attempts.FREE
    assert outcomes.count(LockedOutError) == 16 - attempts.FREE
    assert refusals_on_record(accounts) == attempts.FREE
    assert isinstance(refusal(accounts, brine.owner, PASSWORD), LockedOutError), (
        "the right password would tell that it is right"
    )


def test_pauses_double_up_to_a_limit_and_never_become_permanent(accounts: psycopg.Connection, brine: Tenant) -> None:
    for _ in range(attempts.FREE):
        assert not isinstance(refusal(accounts, brine.owner), LockedOutError)
    pauses = []
    for _ in range(7):
        locked = refusal(accounts, brine.owner)
        assert isinstance(locked, LockedOutError)
        pauses.append(locked.seconds)
        let_time_pass(accounts, f"{locked.seconds} seconds")
        assert not isinstance(refusal(accounts, brine.owner), LockedOutError)
    assert pauses == [30, 60, 120, 240, 480, 900, 900]
    let_time_pass(accounts, "900 seconds")
    assert sessions.login(accounts, brine.owner, PASSWORD).org_id == brine.org_id
    assert not isinstance(refusal(accounts, brine.owner), LockedOutError), "a success begins anew"


def test_guesses_during_a_pause_do_not_prolong_it(accounts: psycopg.Connection, brine: Tenant) -> None:
    for _ in range(attempts.FREE):
        refusal(accounts, brine.owner)
    let_time_pass(accounts, "20 seconds")
    locked = refusal(accounts, brine.owner)
    assert isinstance(locked, LockedOutError)
    assert locked.seconds <= 10


def test_old_guesses_are_forgotten(accounts: psycopg.Connection, brine: Tenant) -> None:
    for _ in range(attempts.FREE - 1):
        refusal(accounts, brine.owner)
    let_time_pass(accounts, f"{attempts.MEMORY_SECONDS + 1} seconds")
    for _ in range(attempts.FREE):
        assert not isinstance(refusal(accounts, brine.owner), LockedOutError)


def test_an_unknown_address_is_locked_like_a_known_one_and_no_other_with_it(
    accounts: psycopg.Connection, brine: Tenant
) -> None:
    for _ in range(attempts.FREE):
        refusal(accounts, "nobody@brine.example")
    assert isinstance(refusal(accounts, "nobody@brine.example"), LockedOutError)
    assert not isinstance(refusal(accounts, brine.owner), LockedOutError)


def test_a_count_cannot_be_rolled_back_by_the_caller(accounts: psycopg.Connection, brine: Tenant) -> None:
    with pytest.raises(ValueError, match="without an open transaction"), accounts.transaction():
        sessions.login(accounts, brine.owner, WRONG)


def test_a_login_ends_the_session_before_it_and_never_takes_over_a_token(accounts: psycopg.Connection, brine: Tenant) -> None:
    planted = brine.login(accounts).token
    opened = sessions.login(accounts, brine.owner, PASSWORD, previous=planted)
    assert opened.token != planted
    assert sessions.resume(accounts, opened.token).org_id == brine.org_id
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, planted)


def test_tokens_have_256_bits_and_only_their_hash_is_stored(accounts: psycopg.Connection, brine: Tenant) -> None:
    opened = [brine.login(accounts) for _ in range(3)]
    assert len({session.token for session in opened}) == 3
    assert all(len(session.token) == 43 for session in opened)
    assert opened[0].token not in repr(opened[0])
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        rows = accounts.execute("select cast(sessions as text) from iam.sessions").fetchall()
    assert len(rows) == 3
    assert not any(session.token in row for session in opened for (row,) in rows)


def test_logout_ends_one_session_and_a_changed_role_all_of_them(accounts: psycopg.Connection, brine: Tenant) -> None:
    ben = brine.add(accounts, "ben", "operator")
    first, second = (brine.login(accounts, ben).token for _ in range(2))
    assert sessions.logout(accounts, first)
    assert not sessions.logout(accounts, first)
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, first)
    assert "alarm:acknowledge" in sessions.resume(accounts, second).permissions
    members.set_role(accounts, brine.operator(accounts), ben, "viewer")
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, second)
    assert "alarm:acknowledge" not in brine.principal(accounts, ben).permissions


def test_a_removed_member_is_out_here_and_stays_elsewhere(accounts: psycopg.Connection, brine: Tenant, alkali: Tenant) -> None:
    ben = brine.add(accounts, "ben", "operator")
    members.add(accounts, alkali.operator(accounts), ben, "viewer")
    for _ in range(attempts.FREE + 1):  # it is no failure to forget the organization
        with pytest.raises(AccessError, match="say in which organization: alkali, brine"):
            sessions.login(accounts, ben, PASSWORD)
    here, there = (tenant.login(accounts, ben).token for tenant in (brine, alkali))
    members.remove(accounts, brine.operator(accounts), ben)
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, here)
    assert sessions.resume(accounts, there).org_id == alkali.org_id
    with pytest.raises(AccessError, match="not a member of an active organization brine"):
        brine.login(accounts, ben)


def test_a_withdrawn_permission_is_gone_from_open_sessions(accounts: psycopg.Connection, brine: Tenant) -> None:
    ben = brine.add(accounts, "ben", "operator")
    token = brine.login(accounts, ben).token
    assert "alarm:acknowledge" in sessions.resume(accounts, token).permissions
    members.withdraw(accounts, brine.operator(accounts), "operator", "alarm:acknowledge")
    assert "alarm:acknowledge" not in sessions.resume(accounts, token).permissions


def test_an_outdated_hash_is_renewed_at_login(accounts: psycopg.Connection, brine: Tenant) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash(PASSWORD)
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        accounts.execute("update iam.users set password_hash = %s", (weak,))
    brine.login(accounts)
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        row = accounts.execute("select password_hash from iam.users").fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    brine.login(accounts)


def test_a_password_that_is_too_short_or_too_long_is_refused_before_any_work(watched: Watched) -> None:
    with pytest.raises(AccessError, match="too short: 15 characters"):
        passwords.hash_password("x" * 14)
    with pytest.raises(AccessError, match="too long: 1024 bytes"):
        passwords.hash_password("x" * 1_025)
    assert not passwords.is_right(None, "ä" * 513)
    assert watched.compared == []
    assert passwords.is_right(passwords.hash_password("x" * 1_024), "x" * 1_024)


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert passwords.is_right(passwords.hash_password("köstliche Düfte 12"), "ko\u0308stliche Du\u0308fte 12")


def test_only_a_few_hashes_run_at_a_time(watched: Watched) -> None:
    with ThreadPoolExecutor(12) as pool:
        assert not any(pool.map(lambda _: passwords.is_right(None, WRONG), range(12)))
    assert len(watched.compared) == 12
    assert watched.most <= passwords.CONCURRENT


def test_who_waits_too_long_is_told(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(passwords, "_slots", threading.BoundedSemaphore(1))
    passwords._slots.acquire()
    with pytest.raises(AccessError, match="try again"):
        passwords.is_right(None, WRONG)


def test_tenants_with_one_member_each_do_not_mix(accounts: psycopg.Connection) -> None:
    one, two = (add_tenant(accounts, code) for code in ("one", "two"))
    assert one.principal(accounts).org_id != two.principal(accounts).org_id
    with pytest.raises(AccessError, match="not a member of an active organization two"):
        two.login(accounts, one.owner)
