"""The tables of /laporan."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "laporan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pelapor", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kecamatan", sa.String(), nullable=False),
        sa.Column("kelurahan", sa.String(), nullable=False),
        sa.Column("jenis", sa.String(), nullable=False),
        sa.Column("tingkat", sa.String(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("rahasia", sa.Boolean(), nullable=False),
        sa.Column("lintang", sa.Float(), nullable=True),
        sa.Column("bujur", sa.Float(), nullable=True),
        sa.Column("tempat", sa.String(), nullable=False),
        sa.Column("sumber", sa.String(), nullable=False),
        sa.Column("dampak", sa.Text(), nullable=False),
        sa.Column("kebutuhan", sa.Text(), nullable=False),
        sa.Column("kejadian", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("dengan", sa.String(), nullable=False),
        sa.Column("pemegang", sa.BigInteger(), nullable=False),
        sa.Column("sejak", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("putaran", sa.Integer(), nullable=False),
        sa.Column("telat", sa.String(), nullable=False),
        sa.Column("induk", sa.BigInteger(), nullable=False),
        sa.Column("nilai", sa.Integer(), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asal", sa.Text(), nullable=False),
        sa.Column("kunci", sa.String(), nullable=False),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.Column("grup", sa.Text(), nullable=False),
        sa.Column("kolase", sa.String(), nullable=False),
        sa.Column("terkirim", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan")),
    )
    op.create_index(op.f("ix_laporan_dibuat"), "laporan", ["dibuat"], unique=False)
    op.create_index(op.f("ix_laporan_pelapor"), "laporan", ["pelapor", "dibuat"], unique=False)
    op.create_index(op.f("ix_laporan_pemegang"), "laporan", ["pemegang", "status"], unique=False)
    op.create_index(op.f("ix_laporan_wilayah"), "laporan", ["kecamatan", "dibuat"], unique=False)
    op.create_table(
        "laporan_foto",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("laporan", sa.BigInteger(), nullable=False),
        sa.Column("pengirim", sa.BigInteger(), nullable=False),
        sa.Column("kapan", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("alasan", sa.String(), nullable=False),
        sa.Column("coba", sa.Integer(), nullable=False),
        sa.Column("aplikasi", sa.String(), nullable=False),
        sa.Column("kunci", sa.String(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("jenis", sa.String(), nullable=False),
        sa.Column("nama", sa.String(), nullable=False),
        sa.Column("asli", sa.String(), nullable=False),
        sa.Column("bagikan", sa.String(), nullable=False),
        sa.Column("mini", sa.String(), nullable=False),
        sa.Column("tipe", sa.String(), nullable=False),
        sa.Column("ukuran", sa.BigInteger(), nullable=False),
        sa.Column("catatan", sa.Text(), nullable=False),
        sa.Column("diambil", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lintang", sa.Float(), nullable=True),
        sa.Column("bujur", sa.Float(), nullable=True),
        sa.Column("rupa", sa.String(), nullable=False),
        sa.Column("diterima", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_foto")),
    )
    op.create_index(op.f("ix_laporan_foto_diterima"), "laporan_foto", ["diterima"], unique=False)
    op.create_index(op.f("ix_laporan_foto_laporan"), "laporan_foto", ["laporan"], unique=False)
    op.create_index(op.f("ix_laporan_foto_pengirim"), "laporan_foto", ["pengirim"], unique=False)
    op.create_index(op.f("ix_laporan_foto_sidik"), "laporan_foto", ["asli"], unique=False)
    op.create_table(
        "laporan_lepas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pengirim", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("kunci", sa.String(), nullable=False),
        sa.Column("berkas", sa.Text(), nullable=False),
        sa.Column("lintang", sa.Float(), nullable=True),
        sa.Column("bujur", sa.Float(), nullable=True),
        sa.Column("ditawarkan", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_lepas")),
    )
    op.create_index(op.f("ix_laporan_lepas_kunci"), "laporan_lepas", ["kunci"], unique=False)
    op.create_index(op.f("ix_laporan_lepas_pengirim"), "laporan_lepas", ["pengirim", "pada"], unique=False)
    op.create_table(
        "laporan_harap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("siapa", sa.BigInteger(), nullable=False),
        sa.Column("laporan", sa.BigInteger(), nullable=False),
        sa.Column("kapan", sa.String(), nullable=False),
        sa.Column("catatan", sa.Text(), nullable=False),
        sa.Column("sampai", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_harap")),
    )
    op.create_index(op.f("ix_laporan_harap_siapa"), "laporan_harap", ["siapa", "sampai"], unique=False)
    op.create_table(
        "laporan_jejak",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("laporan", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("dengan", sa.String(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("kapasitas", sa.String(), nullable=False),
        sa.Column("catatan", sa.Text(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_jejak")),
    )
    op.create_index(op.f("ix_laporan_jejak_laporan"), "laporan_jejak", ["laporan"], unique=False)
    op.create_table(
        "laporan_siaga",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("laporan", sa.BigInteger(), nullable=False),
        sa.Column("siapa", sa.BigInteger(), nullable=False),
        sa.Column("dijawab", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_siaga")),
    )
    op.create_index(op.f("ix_laporan_siaga_laporan"), "laporan_siaga", ["laporan"], unique=False)
    op.create_table(
        "laporan_harian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hari", sa.String(), nullable=False),
        sa.Column("pelapor", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laporan_harian")),
    )
    op.create_index(op.f("ix_laporan_harian_hari"), "laporan_harian", ["hari"], unique=False)
