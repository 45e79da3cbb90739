"""The tables of /rapat, with triggers that freeze decisions and approved minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

FROZEN = (
    ("rapat_keputusan", "UPDATE", "1 = 1", "a decision is never changed"),
    ("rapat_keputusan", "DELETE", "1 = 1", "a decision is never removed"),
    ("rapat_notulen", "UPDATE", "OLD.status = 'disahkan'", "approved minutes are never changed"),
    ("rapat_notulen", "DELETE", "OLD.status = 'disahkan'", "approved minutes are never removed"),
    (
        "rapat_notulen",
        "INSERT",
        "EXISTS (SELECT 1 FROM rapat_notulen n WHERE n.rapat = NEW.rapat AND n.status = 'disahkan')",
        "approved minutes have no later version",
    ),
)
"""Table, refused statement, condition on the row, and error message."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rapat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("judul", sa.Text(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tempat", sa.Text(), nullable=False),
        sa.Column("asal", sa.Text(), nullable=False),
        sa.Column("ruang", sa.String(), nullable=False),
        sa.Column("topik", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("pembuat", sa.BigInteger(), nullable=False),
        sa.Column("pimpinan", sa.BigInteger(), nullable=False),
        sa.Column("notulis", sa.BigInteger(), nullable=False),
        sa.Column("jabatan", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kuorum", sa.Integer(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("seri", sa.BigInteger(), nullable=False),
        sa.Column("dicatat", sa.Boolean(), nullable=False),
        sa.Column("tercapai", sa.Boolean(), nullable=False),
        sa.Column("butir", sa.BigInteger(), nullable=False),
        sa.Column("batas", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dibuka", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ditutup", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat")),
    )
    op.create_index("ix_rapat_masa", "rapat", ["status", "mulai"], unique=False)
    op.create_index(op.f("ix_rapat_pembuat"), "rapat", ["pembuat"], unique=False)
    op.create_index("ix_rapat_ruang", "rapat", ["ruang", "status"], unique=False)
    op.create_index(
        "uq_rapat_ruang_topik",
        "rapat",
        ["ruang", "topik"],
        unique=True,
        sqlite_where=sa.text("status = 'berlangsung' AND ruang <> ''"),
        postgresql_where=sa.text("status = 'berlangsung' AND ruang <> ''"),
    )
    op.create_table(
        "rapat_bahan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("kunci", sa.String(), nullable=False),
        sa.Column("butir", sa.BigInteger(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("berkas", sa.Text(), nullable=False),
        sa.Column("dikecualikan", sa.Boolean(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_bahan")),
    )
    op.create_index("ix_rapat_bahan_kunci", "rapat_bahan", ["rapat", "kunci"], unique=False)
    op.create_index(op.f("ix_rapat_bahan_orang"), "rapat_bahan", ["orang"], unique=False)
    op.create_table(
        "rapat_butir",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("menit", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_butir")),
        sa.UniqueConstraint("rapat", "urut", name="uq_rapat_butir_urut"),
    )
    op.create_index(op.f("ix_rapat_butir_rapat"), "rapat_butir", ["rapat"], unique=False)
    op.create_table(
        "rapat_jawaban",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("opsi", sa.BigInteger(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("jawab", sa.String(), nullable=False),
        sa.Column("otomatis", sa.Boolean(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_jawaban")),
        sa.UniqueConstraint("opsi", "orang", name="uq_rapat_jawaban_orang"),
    )
    op.create_index(op.f("ix_rapat_jawaban_opsi"), "rapat_jawaban", ["opsi"], unique=False)
    op.create_index(op.f("ix_rapat_jawaban_rapat"), "rapat_jawaban", ["rapat"], unique=False)
    op.create_table(
        "rapat_keputusan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("kapasitas", sa.String(), nullable=False),
        sa.Column("usul", sa.BigInteger(), nullable=False),
        sa.Column("mengganti", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_keputusan")),
        sa.UniqueConstraint("rapat", "urut", name="uq_rapat_keputusan_urut"),
    )
    op.create_index(op.f("ix_rapat_keputusan_rapat"), "rapat_keputusan", ["rapat"], unique=False)
    op.create_index(
        "uq_rapat_keputusan_mengganti",
        "rapat_keputusan",
        ["mengganti"],
        unique=True,
        sqlite_where=sa.text("mengganti <> 0"),
        postgresql_where=sa.text("mengganti <> 0"),
    )
    op.create_index(
        "uq_rapat_keputusan_usul",
        "rapat_keputusan",
        ["usul"],
        unique=True,
        sqlite_where=sa.text("usul <> 0"),
        postgresql_where=sa.text("usul <> 0"),
    )
    op.create_table(
        "rapat_kertas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("usul", sa.BigInteger(), nullable=False),
        sa.Column("jawab", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_kertas")),
    )
    op.create_index(op.f("ix_rapat_kertas_usul"), "rapat_kertas", ["usul"], unique=False)
    op.create_table(
        "rapat_langganan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("sidik", sa.String(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_langganan")),
        sa.UniqueConstraint("orang", name="uq_rapat_langganan_orang"),
    )
    op.create_index(op.f("ix_rapat_langganan_sidik"), "rapat_langganan", ["sidik"], unique=False)
    op.create_table(
        "rapat_mundur",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tindak", sa.BigInteger(), nullable=False),
        sa.Column("dari", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ke", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_mundur")),
    )
    op.create_index(op.f("ix_rapat_mundur_tindak"), "rapat_mundur", ["tindak"], unique=False)
    op.create_table(
        "rapat_notulen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("versi", sa.Integer(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("sidik", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disahkan_oleh", sa.BigInteger(), nullable=False),
        sa.Column("kapasitas", sa.String(), nullable=False),
        sa.Column("disahkan", sa.DateTime(timezone=True), nullable=True),
        sa.Column("berkas", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_notulen")),
        sa.UniqueConstraint("rapat", "versi", name="uq_rapat_notulen_versi"),
    )
    op.create_index(op.f("ix_rapat_notulen_rapat"), "rapat_notulen", ["rapat"], unique=False)
    op.create_table(
        "rapat_opsi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("mulai", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_opsi")),
        sa.UniqueConstraint("rapat", "urut", name="uq_rapat_opsi_urut"),
    )
    op.create_index(op.f("ix_rapat_opsi_rapat"), "rapat_opsi", ["rapat"], unique=False)
    op.create_table(
        "rapat_peserta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("diundang", sa.Boolean(), nullable=False),
        sa.Column("jawaban", sa.String(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("wakil", sa.BigInteger(), nullable=False),
        sa.Column("hadir", sa.String(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=True),
        sa.Column("telat", sa.Integer(), nullable=False),
        sa.Column("lewat", sa.String(), nullable=False),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.Column("diam", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_peserta")),
        sa.UniqueConstraint("rapat", "orang", name="uq_rapat_peserta_orang"),
    )
    op.create_index(op.f("ix_rapat_peserta_orang"), "rapat_peserta", ["orang"], unique=False)
    op.create_index(op.f("ix_rapat_peserta_rapat"), "rapat_peserta", ["rapat"], unique=False)
    op.create_index(op.f("ix_rapat_peserta_wakil"), "rapat_peserta", ["wakil"], unique=False)
    op.create_table(
        "rapat_seri",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("judul", sa.Text(), nullable=False),
        sa.Column("waktu", sa.Text(), nullable=False),
        sa.Column("libur", sa.String(), nullable=False),
        sa.Column("tempat", sa.Text(), nullable=False),
        sa.Column("asal", sa.Text(), nullable=False),
        sa.Column("ruang", sa.String(), nullable=False),
        sa.Column("topik", sa.String(), nullable=False),
        sa.Column("undang", sa.Text(), nullable=False),
        sa.Column("pembuat", sa.BigInteger(), nullable=False),
        sa.Column("pimpinan", sa.BigInteger(), nullable=False),
        sa.Column("notulis", sa.BigInteger(), nullable=False),
        sa.Column("jabatan", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("berikut", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_seri")),
    )
    op.create_index(op.f("ix_rapat_seri_pembuat"), "rapat_seri", ["pembuat"], unique=False)
    op.create_table(
        "rapat_suara",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("usul", sa.BigInteger(), nullable=False),
        sa.Column("orang", sa.BigInteger(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("jawab", sa.String(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=False),
        sa.Column("pada", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_suara")),
        sa.UniqueConstraint("usul", "orang", name="uq_rapat_suara_orang"),
    )
    op.create_index(op.f("ix_rapat_suara_usul"), "rapat_suara", ["usul"], unique=False)
    op.create_table(
        "rapat_tindaklanjut",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("keputusan", sa.BigInteger(), nullable=False),
        sa.Column("apa", sa.Text(), nullable=False),
        sa.Column("siapa", sa.BigInteger(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("tenggat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("mundur", sa.Integer(), nullable=False),
        sa.Column("catatan", sa.Text(), nullable=False),
        sa.Column("bukti", sa.Text(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selesai", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_tindaklanjut")),
    )
    op.create_index(op.f("ix_rapat_tindaklanjut_rapat"), "rapat_tindaklanjut", ["rapat"], unique=False)
    op.create_index(op.f("ix_rapat_tindaklanjut_siapa"), "rapat_tindaklanjut", ["siapa"], unique=False)
    op.create_index("ix_rapat_tindaklanjut_tenggat", "rapat_tindaklanjut", ["status", "tenggat"], unique=False)
    op.create_table(
        "rapat_usul",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rapat", sa.BigInteger(), nullable=False),
        sa.Column("isi", sa.Text(), nullable=False),
        sa.Column("oleh", sa.BigInteger(), nullable=False),
        sa.Column("cara", sa.String(), nullable=False),
        sa.Column("batas", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pemilih", sa.Text(), nullable=False),
        sa.Column("tak_sampai", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("hasil", sa.Text(), nullable=False),
        sa.Column("dibuat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pesan", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rapat_usul")),
    )
    op.create_index(op.f("ix_rapat_usul_rapat"), "rapat_usul", ["rapat"], unique=False)
    _freeze()


def _freeze() -> None:
    for table, verb, where, why in FROZEN:
        name = f"{table}_frozen_{verb.lower()}"
        if op.get_bind().dialect.name == "sqlite":
            refuse = f"SELECT RAISE(ABORT, '{why}')"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {where} BEGIN {refuse}; END")
            continue
        row = "OLD" if verb == "DELETE" else "NEW"
        refuse = f"IF {where} THEN RAISE EXCEPTION '{why}'; END IF; RETURN {row};"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$")
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if op.get_bind().dialect.name != "sqlite":
        _never_emptied()


def _never_emptied() -> None:
    """Refuses TRUNCATE, which fires no row triggers in PostgreSQL."""
    op.execute(
        "CREATE FUNCTION rapat_never_emptied() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'decisions and minutes are never removed'; END $$"
    )
    for table in ("rapat_keputusan", "rapat_notulen"):
        op.execute(
            f"CREATE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION rapat_never_emptied()"
        )
