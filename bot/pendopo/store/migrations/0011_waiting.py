"""What waits in the inbox for its sender's turn."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the index."""
    waits = sa.text("state = 'waiting'")
    op.create_index("ix_inbox_waiting", "inbox", ["due_at"], sqlite_where=waits, postgresql_where=waits)
