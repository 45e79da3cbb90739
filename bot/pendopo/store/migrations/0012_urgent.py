"""Which deliveries somebody waits for, who asked just now."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.add_column("delivery", sa.Column("urgent", sa.BigInteger(), server_default="0", nullable=False))
