"""When somebody came back before the end, and the other time that a decision names."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("izin", sa.Column("kembali", sa.DateTime(timezone=True), nullable=True))
    op.add_column("izin_putusan", sa.Column("usul", sa.Text(), server_default="", nullable=False))
