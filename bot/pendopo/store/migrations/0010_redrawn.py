"""Which change of a message brought a button, and which one no longer offers it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns."""
    for name in ("offered_by", "dropped_by"):
        op.add_column("button", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
