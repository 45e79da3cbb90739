"""How often a message held the event loop of a process."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    op.add_column("inbox", sa.Column("held", sa.BigInteger(), server_default="0", nullable=False))
