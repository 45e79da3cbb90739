"""On what terms people work."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("person", sa.Column("employment", sa.Text(), server_default="{}", nullable=False))
