"""What one tenant tries on another. The attacks run as tests, and once more with each guard removed, when one must succeed.

Each leaves the database as it was.
"""

from tests.python.attacks import on_accounts, on_rights, on_rows
from tests.python.attacks.register import ATTACKS

__all__ = ["ATTACKS", "on_accounts", "on_rights", "on_rows"]
