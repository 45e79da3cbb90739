"""How much of a long delivery is made, and the album of what came late."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is new."""
    op.add_column("delivery", sa.Column("part", sa.BigInteger(), server_default="0", nullable=False))
    of_album = sa.text("album != ''")
    op.create_index("ix_inbox_album", "inbox", ["lane", "album"], sqlite_where=of_album, postgresql_where=of_album)
