"""The first tables of /disposisi."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "disposisi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("butir", sa.String(), nullable=False),
        sa.Column("judul", sa.Text(), nullable=False),
        sa.Column("rincian", sa.Text(), nullable=False),
        sa.Column("berkas", sa.Text(), nullable=False),
        sa.Column("jalan", sa.String(), nullable=False),
        sa.Column("induk", sa.BigInteger(), nullable=False),
        sa.Column("dari", sa.BigInteger(), nullable=False),
        sa.Column("kapasitas", sa.String(), nullable=False),
        sa.Column("kepada", sa.BigInteger(), nullable=False),
        sa.Column("jabatan", sa.String(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("tenggat", instant, nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("jawaban", sa.Text(), nullable=False),
        sa.Column("lampiran", sa.Text(), nullable=False),
        sa.Column("kembali", sa.Integer(), nullable=False),
        sa.Column("dibuat", instant, nullable=False),
        sa.Column("diterima", instant, nullable=True),
        sa.Column("dijawab", instant, nullable=True),
        sa.Column("ditutup", instant, nullable=True),
        sa.Column("asal", sa.Text(), nullable=False),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.Column("kabar", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposisi")),
    )
    op.create_index("ix_disposisi_kepada", "disposisi", ["kepada", "status"], unique=False)
    op.create_index("ix_disposisi_dari", "disposisi", ["dari", "status"], unique=False)
    for column in ("butir", "induk", "kabar"):
        op.create_index(op.f(f"ix_disposisi_{column}"), "disposisi", [column], unique=False)
    op.create_table(
        "disposisi_surat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dari", sa.BigInteger(), nullable=False),
        sa.Column("perihal", sa.Text(), nullable=False),
        sa.Column("berkas", sa.Text(), nullable=False),
        sa.Column("dibuat", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposisi_surat")),
    )
    op.create_index(op.f("ix_disposisi_surat_dari"), "disposisi_surat", ["dari"], unique=False)
