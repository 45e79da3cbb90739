"""Reports by their state, for boards and figures."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_laporan_status", "laporan", ["status", "dibuat"])
    counted = ["dibuat", "status", "kecamatan", "jenis", "rahasia", "pelapor", "pemegang"]
    op.create_index("ix_laporan_bulan", "laporan", counted)
