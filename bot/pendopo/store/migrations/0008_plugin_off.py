"""Which plugins are switched off in which chats."""

import sqlalchemy as sa
from alembic import op

from pendopo.store.tables import required_texts

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "plugin_off", *required_texts("chat", "plugin"), sa.PrimaryKeyConstraint("chat", "plugin", name="pk_plugin_off")
    )
