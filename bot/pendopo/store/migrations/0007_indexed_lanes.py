"""Lanes are found by their index and leave no history, and the directory is guarded by a lock. PostgreSQL only.

The table of jobs is nearly empty at any moment and full of what was deleted lately. To the planner that is an empty table, best
read as a whole, and the plan it makes so is kept: twenty such readings a message, each longer the more messages there were.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

_FUNCTIONS = (
    "pendopo_wake(text[], bigint, integer)",
    "pendopo_queue(text)",
    "pendopo_claim(text, bigint)",
    "pendopo_release(bigint, text, double precision)",
)
# What became of a delivery is told by the inbox, the outbox and the audit log; a lane has no history of its own.
_TRIGGERS = (
    "procrastinate_trigger_status_events_insert_v1",
    "procrastinate_trigger_status_events_update_v1",
    "procrastinate_trigger_scheduled_events_v1",
)

# Locking the row itself, as every handler would at its end, writes to it each time.
_DIRECTORY = """
CREATE FUNCTION pendopo_directory() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(72140002);
    RETURN (SELECT value FROM setting WHERE key = 'directory.revision');
END;
$$
"""


def upgrade() -> None:
    """Change how lanes are found, where there can be more than one process."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for function in _FUNCTIONS:
        op.execute(f"ALTER FUNCTION {function} SET enable_seqscan = off")
    for trigger in _TRIGGERS:
        op.execute(f"ALTER TABLE procrastinate_jobs DISABLE TRIGGER {trigger}")
    op.execute("ALTER TABLE procrastinate_jobs SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)")
    op.execute("DELETE FROM procrastinate_events")
    op.execute(_DIRECTORY)
