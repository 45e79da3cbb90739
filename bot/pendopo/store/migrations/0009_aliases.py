"""What posts and people are called besides."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns."""
    for table in ("post", "person"):
        op.add_column(table, sa.Column("aliases", sa.Text(), server_default="[]", nullable=False))
