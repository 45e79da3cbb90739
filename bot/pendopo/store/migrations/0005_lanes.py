"""Lanes that many processes share: Procrastinate's tables, and how a lane is woken, taken and let go of. PostgreSQL only.

A lane with work in it has a job: queued (`todo`) until some process takes it, `doing` while one drains the lane. Its `lock`
and its `queueing_lock` are the lane, so there is at most one of each. SQLite has one process, which knows its lanes itself.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# A job that is born running is no news for anybody: Procrastinate's triggers tell of queued ones only.
_WAKE = """
CREATE FUNCTION pendopo_wake(lanes text[], worker bigint, room integer)
    RETURNS TABLE (lane text, job bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    name text;
    found_id bigint;
    taken integer := 0;
BEGIN
    FOREACH name IN ARRAY lanes LOOP
        found_id := NULL;
        IF worker IS NOT NULL AND taken < room THEN
            INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, worker_id)
                VALUES ('lanes', 'drain', name, name, 'doing', worker)
                ON CONFLICT DO NOTHING RETURNING id INTO found_id;
        END IF;
        IF found_id IS NOT NULL THEN
            taken := taken + 1;
            lane := name;
            job := found_id;
            RETURN NEXT;
        ELSE
            PERFORM pendopo_queue(name);
        END IF;
    END LOOP;
END;
$$
"""

# A job that is queued already will do, but only if nobody takes it before our own work is committed and can be seen: hence
# the shared lock, which whoever fetches jobs passes over.
_QUEUE = """
CREATE FUNCTION pendopo_queue(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
BEGIN
    UPDATE procrastinate_jobs SET scheduled_at = NULL
        WHERE queueing_lock = name AND status = 'todo' AND scheduled_at IS NOT NULL RETURNING id INTO found_id;
    IF found_id IS NOT NULL THEN
        PERFORM pg_notify('procrastinate_queue_v1#lanes',
                          json_build_object('type', 'job_inserted', 'job_id', found_id)::text);
        RETURN;
    END IF;
    LOOP
        PERFORM 1 FROM procrastinate_jobs WHERE queueing_lock = name AND status = 'todo' FOR SHARE;
        EXIT WHEN FOUND;
        INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock)
            VALUES ('lanes', 'drain', name, name) ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
END;
$$
"""

_CLAIM = """
CREATE FUNCTION pendopo_claim(name text, worker bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT id INTO found_id FROM procrastinate_jobs
        WHERE queueing_lock = name AND status = 'todo' FOR UPDATE SKIP LOCKED;
    UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker WHERE id = found_id
        AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS other WHERE other.lock = name AND other.status = 'doing')
        RETURNING id INTO found_id;
    RETURN found_id;
EXCEPTION WHEN unique_violation THEN
    RETURN NULL;
END;
$$
"""

# Whoever put work into the lane meanwhile left a queued job; it is taken along, and the lane goes on.
_RELEASE = """
CREATE FUNCTION pendopo_release(held bigint, name text, seconds double precision) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM procrastinate_jobs
        WHERE queueing_lock = name AND status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
        AND EXISTS (SELECT 1 FROM procrastinate_jobs AS mine WHERE mine.id = held AND mine.status = 'doing');
    IF FOUND THEN
        RETURN true;
    END IF;
    DELETE FROM procrastinate_jobs WHERE id = held AND status = 'doing';
    IF FOUND AND seconds IS NOT NULL THEN
        INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, scheduled_at)
            VALUES ('lanes', 'drain', name, name, now() + make_interval(secs => seconds))
            ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE
            SET scheduled_at = LEAST(procrastinate_jobs.scheduled_at, EXCLUDED.scheduled_at);
    END IF;
    RETURN false;
END;
$$
"""

# Of each name the instants (milliseconds) of what was sent last, as many as its widest limit counts.
_PACE = """
CREATE TABLE pace (name text PRIMARY KEY, taken bigint[] NOT NULL DEFAULT '{}')
"""
_TAKE_PLACE = """
CREATE FUNCTION pendopo_pace(names text[], counts bigint[], spans bigint[], weight integer, at bigint)
    RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    free bigint := at;
    size integer;
    instants bigint[];
BEGIN
    INSERT INTO pace (name) SELECT DISTINCT unnest(names) ORDER BY 1 ON CONFLICT DO NOTHING;
    PERFORM 1 FROM pace WHERE name = ANY (names) ORDER BY name FOR UPDATE;
    FOR i IN 1 .. cardinality(names) LOOP
        SELECT taken INTO instants FROM pace WHERE name = names[i];
        size := cardinality(instants);
        -- An instant to come was noted by a process whose clock is wrong; it must not hold up all others.
        IF instants[size] > at THEN
            instants := ARRAY(SELECT least(instant, at) FROM unnest(instants) AS instant);
            UPDATE pace SET taken = instants WHERE name = names[i];
        END IF;
        -- The place that must be free again is the one taken as many places ago as the limit counts.
        IF counts[i] > 0 AND size + least(weight, counts[i]) > counts[i] THEN
            free := greatest(free, instants[size - counts[i] + least(weight, counts[i])] + spans[i]);
        END IF;
    END LOOP;
    IF free <= at THEN
        UPDATE pace SET taken = (SELECT coalesce(array_agg(instant ORDER BY place), '{}') FROM (
                SELECT instant, place FROM unnest(pace.taken || array_fill(at, ARRAY[weight]))
                    WITH ORDINALITY AS all_taken (instant, place)
                ORDER BY place DESC LIMIT (SELECT max(counts[i]) FROM generate_subscripts(names, 1) AS i
                                           WHERE names[i] = pace.name)) AS newest)
            WHERE name = ANY (names);
    END IF;
    RETURN free;
END;
$$
"""


def upgrade() -> None:
    """Add what is new, where there can be more than one process."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager  # brings psycopg: 15 MB that a bot on SQLite need not hold

    # Not through SQLAlchemy, which would take its percent signs for parameters.
    connection.connection.driver_connection.execute(SchemaManager.get_schema())  # type: ignore[union-attr]
    for statement in (_QUEUE, _WAKE, _CLAIM, _RELEASE, _PACE, _TAKE_PLACE):
        op.execute(statement)
