"""What people said of their own presence: late, online, with the whole team."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what somebody said of their presence."""
    with op.batch_alter_table("rapat_peserta") as table:
        table.add_column(sa.Column("keterangan", sa.String(), nullable=False, server_default=""))
