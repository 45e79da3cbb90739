"""The core's first tables."""

import sqlalchemy as sa
from alembic import op

from pendopo.store.tables import id_column, int_columns, required_texts, text_columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        *required_texts("alias"),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *int_columns("linked_at"),
        *text_columns("source", default="file"),
        sa.PrimaryKeyConstraint("alias", name="pk_account"),
    )
    op.create_index("ix_account_person", "account", ["person"])
    op.create_table(
        "audit",
        id_column(),
        *int_columns("at", "person"),
        *text_columns("messenger", "capacity"),
        *required_texts("action"),
        *text_columns("object"),
        *required_texts("digest"),
        *text_columns("correlation"),
        *required_texts("previous", "hash"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_person", "audit", ["person", "id"])
    op.create_index("ix_audit_object", "audit", ["object", "id"])
    op.create_table(
        "audit_note",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *required_texts("salt", "body"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_note"),
    )
    _only_append()
    op.create_table(
        "button",
        *required_texts("token", "delivery"),
        *int_columns("ordinal"),
        *required_texts("label", "route", "args"),
        *text_columns("allowed", default="[]"),
        *text_columns("group_key"),
        *int_columns("expires_at", "used_at", "used_by"),
        sa.PrimaryKeyConstraint("token", name="pk_button"),
    )
    op.create_index("ix_button_delivery", "button", ["delivery"])
    op.create_index("ix_button_group", "button", ["group_key"])
    op.create_table(
        "chat",
        *required_texts("key", "chat"),
        *int_columns("person", "seen_at"),
        *int_columns("active", default="1"),
        *text_columns("locale"),
        sa.PrimaryKeyConstraint("key", name="pk_chat"),
    )
    op.create_index("ix_chat_person", "chat", ["person", "seen_at"])
    op.create_table(
        "delivery",
        id_column(),
        *required_texts("key", "lane", "chat"),
        *text_columns("kind", default="send"),
        *required_texts("content"),
        *text_columns("target", "reply_to", "locale"),
        *int_columns("event_id"),
        *text_columns("asked_in"),
        *text_columns("tried", default="[]"),
        *int_columns("report"),
        *text_columns("state", default="open"),
        *int_columns("attempts", "due_at"),
        *text_columns("native_id", "choices", "error", "code"),
        *int_columns("created_at", "sent_at"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
    )
    op.create_table(
        "dialog",
        *required_texts("chat", "owner", "route", "version", "state", "prompt"),
        *int_columns("deadline"),
        sa.PrimaryKeyConstraint("chat", "owner", name="pk_dialog"),
    )
    op.create_index("ix_dialog_prompt", "dialog", ["prompt"])
    op.create_table(
        "forum",
        *required_texts("name"),
        *text_columns("members", default="[]"),
        sa.PrimaryKeyConstraint("name", name="pk_forum"),
    )
    op.create_table("forum_chat", *required_texts("chat", "forum"), sa.PrimaryKeyConstraint("chat", name="pk_forum_chat"))
    op.create_table(
        "holding",
        id_column(),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *required_texts("post"),
        *int_columns("since", "until"),
        sa.PrimaryKeyConstraint("id", name="pk_holding"),
    )
    op.create_index("ix_holding_person", "holding", ["person"])
    op.create_table(
        "inbox",
        id_column(),
        *required_texts("adapter", "native_id", "kind", "lane"),
        *text_columns("album"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        *int_columns("received_at"),
        *text_columns("state", default="open"),
        *int_columns("step", "attempts", "due_at"),
        *text_columns("error", "code"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("adapter", "native_id", "kind", name="uq_inbox_adapter"),
    )
    op.create_table(
        "link_code",
        *required_texts("hash"),
        sa.Column("person", sa.BigInteger(), nullable=False),
        *int_columns("expires_at", "used_at"),
        sa.PrimaryKeyConstraint("hash", name="pk_link_code"),
    )
    op.create_table(
        "person",
        id_column(),
        *required_texts("name"),
        *text_columns("nip", "locale"),
        *int_columns("active", default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "post",
        *required_texts("code", "title"),
        *text_columns("unit", "superior"),
        *text_columns("roles", default="[]"),
        sa.PrimaryKeyConstraint("code", name="pk_post"),
    )
    op.create_table(
        "reminder",
        id_column(),
        *required_texts("key", "route", "args", "chat"),
        *int_columns("person", "due_at"),
        *text_columns("state", default="waiting"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("key", name="uq_reminder_key"),
    )
    op.create_table("setting", *required_texts("key", "value"), sa.PrimaryKeyConstraint("key", name="pk_setting"))
    op.create_table(
        "unit", *required_texts("code", "name"), *text_columns("parent"), sa.PrimaryKeyConstraint("code", name="pk_unit")
    )
    for name, table, columns, where in (
        ("ix_delivery_dead", "delivery", ["id"], "state = 'dead'"),
        ("ix_delivery_native", "delivery", ["native_id", "lane"], "native_id != ''"),
        ("ix_delivery_numbers", "delivery", ["lane", "id"], "choices = 'numbers'"),
        ("ix_delivery_open", "delivery", ["lane", "id"], "state IN ('open', 'sending')"),
        ("ix_inbox_dead", "inbox", ["id"], "state = 'dead'"),
        ("ix_inbox_open", "inbox", ["lane", "id"], "state = 'open'"),
        ("ix_delivery_held", "delivery", ["lane"], "state = 'held'"),
        ("ix_reminder_due", "reminder", ["due_at"], "state = 'waiting'"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _only_append() -> None:
    """The database itself refuses to change a line of the audit log; of its notes it lets whole ones go, for erasure."""
    guarded = (("audit", "UPDATE"), ("audit", "DELETE"), ("audit_note", "UPDATE"))
    if op.get_bind().dialect.name == "sqlite":
        for table, verb in guarded:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_append() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only appended to'; END $$"
    )
    for table, verb in guarded:
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_only_append()"
        )
