"""The tables of /izin."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "izin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pemohon", sa.BigInteger(), nullable=False),
        sa.Column("pembuat", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("jenis", sa.String(), nullable=False),
        sa.Column("keperluan", sa.Text(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hari", sa.Integer(), nullable=False),
        sa.Column("luar_negeri", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ronde", sa.Integer(), nullable=False),
        sa.Column("langkah", sa.Integer(), nullable=False),
        sa.Column("rute", sa.Text(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("wakil", sa.BigInteger(), nullable=False),
        sa.Column("lampiran", sa.Text(), nullable=False),
        sa.Column("hasil", sa.Text(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("diajukan", sa.DateTime(timezone=True), nullable=True),
        sa.Column("diputus", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_izin")),
    )
    op.create_index("ix_izin_masa", "izin", ["status", "selesai"], unique=False)
    op.create_index(op.f("ix_izin_pemohon"), "izin", ["pemohon"], unique=False)
    op.create_index(op.f("ix_izin_unit"), "izin", ["unit"], unique=False)
    op.create_table(
        "izin_putusan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("izin", sa.BigInteger(), nullable=False),
        sa.Column("ronde", sa.Integer(), nullable=False),
        sa.Column("langkah", sa.Integer(), nullable=False),
        sa.Column("aturan", sa.String(), nullable=False),
        sa.Column("diminta", sa.BigInteger(), nullable=False),
        sa.Column("hasil", sa.String(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("kapasitas", sa.String(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_izin_putusan")),
    )
    op.create_index(op.f("ix_izin_putusan_izin"), "izin_putusan", ["izin"], unique=False)
    op.create_index(op.f("ix_izin_putusan_diminta"), "izin_putusan", ["diminta"], unique=False)
    op.create_table(
        "izin_tanya",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("izin", sa.BigInteger(), nullable=False),
        sa.Column("dari", sa.BigInteger(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("jawaban", sa.Text(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_izin_tanya")),
    )
    op.create_index(op.f("ix_izin_tanya_izin"), "izin_tanya", ["izin"], unique=False)
