"""`ctx.calendar`: people's calendars, filled by all plugins."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from pendopo.model import Chat, ChatKind, Person, Phrase
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.plugin.values import ENGINE, BusyTime, CalendarEntry
from pendopo.store.queries import calendar_entries
from pendopo.store.queries.deliveries import encode as to_json
from pendopo.store.queries.deliveries import from_ms, new_key, to_ms


class Calendars:
    """The calendars of all people. Changes are committed with the handler."""

    def __init__(self, api: EngineApi, effects: Effects, scene: Scene) -> None:
        self._api = api
        self._effects = effects
        self._scene = scene

    async def list_busy(self, person: Person, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """Returns a person's calendar entries between two instants, of all plugins."""
        rows = await calendar_entries.read_between(self._api.database, person.id, to_ms(start), to_ms(end))
        return [
            BusyTime(key, plugin, kind, from_ms(begin), from_ms(finish), msgspec.json.decode(title, type=Phrase))
            for key, plugin, kind, begin, finish, title in rows
        ]

    async def get_entry(self, key: str) -> CalendarEntry | None:
        """Returns the calendar entry under a key (`izin/27`) with all its persons; None when there is none (any more)."""
        rows = await calendar_entries.read_entry(self._api.database, key)
        if not rows:
            return None
        _, plugin, kind, begin, finish, title, _ = rows[0]
        persons = frozenset(row[6] for row in rows)
        return CalendarEntry(
            key, plugin, kind, from_ms(begin), from_ms(finish), msgspec.json.decode(title, type=Phrase), persons
        )

    def put_entry(self, key: str, kind: str, persons: Iterable[Person], start: datetime, end: datetime, title: Phrase) -> None:
        """Puts an entry, `away` or `meeting`, into calendars; it replaces the earlier one of the same key."""
        plugin = self._effects.plugin
        entry = calendar_entries.CalendarRow(f"{plugin}/{key}", plugin, kind, to_ms(start), to_ms(end), to_json(title).decode())
        ids = [person.id for person in persons]
        self._effects.unit.later.append(lambda connection: calendar_entries.put_entry(connection, entry, ids))
        self._wake_followers(entry.key)

    def remove_entry(self, key: str) -> None:
        """Removes an entry from all calendars."""
        own = f"{self._effects.plugin}/{key}"
        self._effects.unit.later.append(lambda connection: calendar_entries.remove_entry(connection, own))
        self._wake_followers(own)

    def _wake_followers(self, entry: str) -> None:
        """Has the jobs that follow calendars look at an entry, once this is committed, in order."""
        chat = Chat(ENGINE, f"agenda:{entry}", ChatKind.GROUP)
        for route in self._api.followers:
            self._scene._plan(self._scene.now, route, [entry], new_key(), chat)
