"""Mandates, calendars, and the last refusal of each person."""

import sqlalchemy as sa
from alembic import op

from pendopo.store.tables import id_column, int_columns, required_texts, text_columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mandate",
        id_column(),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *required_texts("post"),
        *int_columns("since", "until"),
        *required_texts("kind"),
        *text_columns("basis"),
        *text_columns("may", default="[]"),
        *text_columns("source", default="file"),
        sa.PrimaryKeyConstraint("id", name="pk_mandate"),
    )
    op.create_index("ix_mandate_person", "mandate", ["person"])
    op.create_table(
        "refusal",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        *int_columns("at"),
        *required_texts("route", "args"),
        *text_columns("rule"),
        *required_texts("reason"),
        sa.PrimaryKeyConstraint("person", name="pk_refusal"),
    )
    op.create_table(
        "agenda",
        *required_texts("key"),
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        *required_texts("plugin", "kind"),
        *int_columns("starts_at", "ends_at"),
        *required_texts("title"),
        sa.PrimaryKeyConstraint("key", "person", name="pk_agenda"),
    )
    op.create_index("ix_agenda_person", "agenda", ["person", "ends_at"])
