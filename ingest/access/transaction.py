"""Transactions as saltworks_auth, the role that owns the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from ingest.access.errors import AccessError


@contextmanager
def transaction(connection: psycopg.Connection) -> Iterator[None]:
    """What happens inside is done as saltworks_auth, and committed at the end: an attempt that is counted stays counted.

    The connection's login is a member of saltworks_auth and has no transaction open (ValueError). Raises AccessError where
    the database refuses, without the values that the server's own message would show.
    """
    if connection.info.transaction_status != TransactionStatus.IDLE:
        raise ValueError("access needs a connection without an open transaction")
    try:
        with connection.transaction():
            connection.execute("set local role saltworks_auth")
            yield
    except (errors.UndefinedTable, errors.UndefinedFunction, errors.InvalidSchemaName, errors.InvalidParameterValue) as error:
        raise AccessError("this database has no accounts yet: run `python ingest/run.py --init`") from error
    except errors.InsufficientPrivilege as error:
        reason = f"{error.diag.message_primary}; the login {connection.info.user} needs the role saltworks_auth"
        raise AccessError(reason) from error
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        raise AccessError(error.diag.message_primary or str(error)) from error
