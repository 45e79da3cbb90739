"""Reminders that go with something in a calendar, and move with it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what a reminder goes with, and by how much."""
    with op.batch_alter_table("ingatkan_pengingat") as table:
        table.add_column(sa.Column("acara", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("acara_mulai", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("jarak", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_ingatkan_pengingat_acara"), "ingatkan_pengingat", ["acara"], unique=False)
