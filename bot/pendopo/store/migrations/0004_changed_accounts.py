"""Accounts that change their numbers, and failures that are told late."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what they need."""
    op.create_table(
        "unconfirmed",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_unconfirmed")),
    )
    op.add_column("account", sa.Column("beside", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("failed_id", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_delivery_target",
        "delivery",
        ["target"],
        unique=False,
        sqlite_where=sa.text("target != ''"),
        postgresql_where=sa.text("target != ''"),
    )
