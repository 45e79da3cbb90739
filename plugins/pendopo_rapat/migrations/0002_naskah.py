"""The PDF of approved minutes, which is made after the approval: the approved row itself never changes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the file of the PDF."""
    with op.batch_alter_table("rapat") as table:
        table.add_column(sa.Column("naskah", sa.String(), nullable=False, server_default=""))
