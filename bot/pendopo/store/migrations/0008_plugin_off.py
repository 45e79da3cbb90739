"""Which plugins are switched off in which chats."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "plugin_off",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "plugin", name=op.f("pk_plugin_off")),
    )
