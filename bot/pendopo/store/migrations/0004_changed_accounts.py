"""Accounts that change their numbers, and failures that are told late."""

import sqlalchemy as sa
from alembic import op

from pendopo.store.tables import int_columns, required_texts

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what they need."""
    op.create_table(
        "unconfirmed",
        *required_texts("alias"),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *int_columns("since"),
        sa.PrimaryKeyConstraint("alias", name="pk_unconfirmed"),
    )
    op.add_column("account", sa.Column("beside", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("failed_id", sa.Text(), server_default="", nullable=False))
    edits = sa.text("target != ''")
    op.create_index("ix_delivery_target", "delivery", ["target"], sqlite_where=edits, postgresql_where=edits)
