"""A reminder fires once, the earliest first, and says when it was due at first."""

from functools import partial

from pendopo.model import Chat
from pendopo.store import Connection, Database
from pendopo.store.queries import reminders
from pendopo.store.queries.reminders import Reminder

CHAT = Chat("telegram", "7")


def plan(connection: Connection, key: str, due_at: int, put_off: int = 0) -> None:
    reminders.plan_reminder(connection, Reminder(key, "rapat.ingat", {"nomor": 5}, CHAT, 3, due_at, put_off))


async def claim(database: Database, now_ms: int, limit: int = 10) -> list[Reminder]:
    return await database.write(lambda connection: reminders.claim_due_reminders(connection, now_ms, limit))


async def keys(database: Database, now_ms: int, limit: int = 10) -> list[str]:
    return [reminder.key for reminder in await claim(database, now_ms, limit)]


async def test_a_reminder_reads_back_without_a_mark_of_the_store(migrated: Database) -> None:
    await migrated.write(lambda c: plan(c, "a", 20, put_off=10))
    await migrated.write(lambda c: plan(c, "b", 30))
    assert await claim(migrated, 30) == [
        Reminder("a", "rapat.ingat", {"nomor": 5}, CHAT, 3, 20, 10),
        Reminder("b", "rapat.ingat", {"nomor": 5}, CHAT, 3, 30),
    ]


async def test_what_is_due_is_claimed_once_and_the_earliest_first(migrated: Database) -> None:
    for key, due_at in (("late", 30), ("early", 10), ("middle", 20), ("not yet", 99)):
        await migrated.write(partial(plan, key=key, due_at=due_at))
    assert await reminders.find_oldest_due(migrated, 50) == 10
    assert await keys(migrated, 50, limit=2) == ["early", "middle"]
    assert await keys(migrated, 50) == ["late"]
    assert await keys(migrated, 50) == []
    assert (await reminders.find_next_due(migrated), await reminders.find_oldest_due(migrated, 50)) == (99, None)


async def test_a_cancelled_reminder_waits_again_when_it_is_planned_again(migrated: Database) -> None:
    await migrated.write(lambda c: plan(c, "a", 10))
    await migrated.write(lambda c: reminders.cancel_reminder(c, "a"))
    assert await keys(migrated, 50) == []
    await migrated.write(lambda c: plan(c, "a", 20))
    assert await keys(migrated, 50) == ["a"]


async def test_a_cron_line_is_planned_for_the_earlier_of_two_instants(migrated: Database) -> None:
    for due_at in (20, 30, 10):
        await migrated.write(partial(reminders.plan_recurring, key="cron:x", route="x", chat=CHAT, due_at=due_at))
    assert [(r.args, r.person, r.due_at) for r in await claim(migrated, 50)] == [({}, 0, 10)]
    await migrated.write(lambda c: reminders.plan_recurring(c, "cron:x", "x", CHAT, 40))
    assert await reminders.find_next_due(migrated) == 40
