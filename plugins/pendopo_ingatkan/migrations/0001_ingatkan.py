"""The first tables of /ingatkan."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ingatkan_pengingat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pembuat", sa.BigInteger(), nullable=False),
        sa.Column("untuk", sa.BigInteger(), nullable=False),
        sa.Column("tujuan", sa.Text(), nullable=False),
        sa.Column("asal", sa.Text(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("kutipan", sa.String(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("libur", sa.String(), nullable=False),
        sa.Column("berikut", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("dari", sa.BigInteger(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingatkan_pengingat")),
    )
    op.create_index("ix_ingatkan_pengingat_tujuan", "ingatkan_pengingat", ["tujuan", "status", "berikut"], unique=False)
    op.create_index(op.f("ix_ingatkan_pengingat_pembuat"), "ingatkan_pengingat", ["pembuat"], unique=False)
    op.create_index(op.f("ix_ingatkan_pengingat_untuk"), "ingatkan_pengingat", ["untuk"], unique=False)
    op.create_table(
        "ingatkan_teguran",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pembuat", sa.BigInteger(), nullable=False),
        sa.Column("untuk", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingatkan_teguran")),
    )
    op.create_index(op.f("ix_ingatkan_teguran_untuk"), "ingatkan_teguran", ["untuk"], unique=False)
