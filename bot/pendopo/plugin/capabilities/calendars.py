"""`ctx.calendar`: people's calendars, filled by all plugins."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pendopo.model import Chat, ChatKind, Person, Phrase
from pendopo.model.ids import new_key
from pendopo.plugin.engine_api import Effects, EngineApi, Scene
from pendopo.plugin.values import ENGINE
from pendopo.store.queries import calendar_entries
from pendopo.store.queries.calendar_entries import BusyTime, CalendarEntry


class Calendars:
    """The calendars of all people. Changes are committed with the handler."""

    def __init__(self, api: EngineApi, effects: Effects, scene: Scene) -> None:
        self._api = api
        self._effects = effects
        self._scene = scene

    async def list_busy(self, person: Person, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What is in a person's calendar between two instants, by whichever plugin put it there."""
        return await calendar_entries.list_busy(self._api.database, person.id, start, end)

    async def get_entry(self, key: str) -> CalendarEntry | None:
        """What stands in calendars under a key (`izin/27`), whoever it concerns; None when nothing does, or not any more."""
        return await calendar_entries.find_entry(self._api.database, key)

    def put_entry(self, key: str, kind: str, persons: Iterable[Person], start: datetime, end: datetime, title: Phrase) -> None:
        """Puts an entry, `away` or `meeting`, into calendars; it replaces the earlier one of the same key."""
        plugin = self._effects.plugin
        entry = BusyTime(f"{plugin}/{key}", plugin, kind, start, end, title)
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
