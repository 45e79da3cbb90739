"""Sessions of the dashboard, the tickets that open them, how often somebody tried, and what is said on people's pages."""

import sqlalchemy as sa
from alembic import op

from pendopo.store.tables import id_column, int_columns, required_texts, text_columns

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "web_session",
        *required_texts("hash"),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *text_columns("rights", "agent", "how"),
        *int_columns("created_at", "seen_at"),
        sa.PrimaryKeyConstraint("hash", name="pk_web_session"),
    )
    op.create_index("ix_web_session_person", "web_session", ["person"])
    op.create_table(
        "web_ticket",
        *required_texts("hash", "kind"),
        *int_columns("person"),
        *text_columns("path", "browser"),
        *int_columns("number"),
        *text_columns("agent"),
        *int_columns("created_at", "expires_at"),
        sa.PrimaryKeyConstraint("hash", name="pk_web_ticket"),
    )
    op.create_index("ix_web_ticket_browser", "web_ticket", ["browser"])
    op.create_table(
        "web_attempt",
        id_column(),
        *required_texts("who"),
        *int_columns("at"),
        sa.PrimaryKeyConstraint("id", name="pk_web_attempt"),
    )
    op.create_index("ix_web_attempt_who", "web_attempt", ["who", "at"])
    on_page = sa.text("substr(lane, 1, 4) = 'web:'")
    op.create_index("ix_delivery_web", "delivery", ["lane", "id"], sqlite_where=on_page, postgresql_where=on_page)
