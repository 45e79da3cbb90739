"""Short codes: what a person is told, and an operator finds in the log."""

import secrets


def new_error_code() -> str:
    """A short code a person can read out and an operator can find in the log: K7-3F2A."""
    return f"K{secrets.randbelow(10)}-{secrets.token_hex(2).upper()}"
