"""The first table of /izin."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "izin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pemohon", sa.BigInteger(), nullable=False),
        sa.Column("atasan", sa.BigInteger(), nullable=False),
        sa.Column("keperluan", sa.Text(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diputus", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.Column("pesan_atasan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_izin")),
    )
    op.create_index(op.f("ix_izin_atasan"), "izin", ["atasan"], unique=False)
    op.create_index(op.f("ix_izin_pemohon"), "izin", ["pemohon"], unique=False)
    op.create_index(op.f("ix_izin_status"), "izin", ["status"], unique=False)
