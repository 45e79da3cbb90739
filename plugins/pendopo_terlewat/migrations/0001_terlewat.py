"""What people chose for their digests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "terlewat_pilihan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("pagi", sa.String(), nullable=False),
        sa.Column("sore", sa.String(), nullable=False),
        sa.Column("tenang_mulai", sa.String(), nullable=False),
        sa.Column("tenang_selesai", sa.String(), nullable=False),
        sa.Column("dilihat", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terlewat_pilihan")),
    )
    op.create_index(op.f("ix_terlewat_pilihan_orang"), "terlewat_pilihan", ["orang"], unique=True)
