"""Accounts that an administrator's code links wait for their person's yes, or a day."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns."""
    for table, names in (("link_code", ("maker", "due_at")), ("person", ("cut_at",))):
        for name in names:
            op.add_column(table, sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("link_code", sa.Column("aliases", sa.Text(), server_default="[]", nullable=False))
