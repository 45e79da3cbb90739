"""The simulator's page: phones side by side, each a person, live.

The messenger behind it is known here by what it can do (`Messenger`), not by its class: the web app sits beside the
adapters, not on top of them.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from . import clock, stream, uploads
from .access import LOCAL, Guarded
from .body import bounded
from .engine import Engine, FakeClock
from .form import field, found, handed_over, photos, place, slot, where
from .pages import Pages

PHONES = 4
PLACES = (
    ("Balai Kota", -6.9107, 107.6098),
    ("Simpang Dago", -6.8851, 107.6137),
    ("Terminal Dago", -6.8664, 107.6213),
    ("Alun-alun", -6.9218, 107.6070),
)
PROFILES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "whatsapp_group": "WhatsApp grup"}
LARGEST = uploads.MOST * uploads.LARGEST + 1024 * 1024
NO_CONTENT = 204


class Somebody(Protocol):
    """A person with a phone."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


class Messenger(stream.Source, Protocol):
    """The simulated messenger, from its people's side. `LookupError`: there is no such person, chat or message."""

    @property
    def people(self) -> Sequence[Somebody]: ...

    def chats_of(self, person: str) -> Sequence[str]: ...

    def screen(self, person: str, chat: str) -> Any:
        """What the templates draw: `title`, `tabs`, `profile`, `profiles`, `bubbles`, `unread`."""
        ...

    async def say(
        self,
        person: str,
        chat: str,
        text: str,
        photos: Sequence[uploads.Photo] = (),
        reply_to: str = "",
        location: tuple[float, float, str] | None = None,
    ) -> None: ...

    async def press(self, person: str, chat: str, message: str, token: str) -> None: ...

    def switch(self, person: str, chat: str, profile: str) -> None: ...

    def see(self, person: str, chat: str) -> None: ...

    def file(self, ref: str) -> bytes: ...


class Simulator:
    """The routes under /simulator."""

    def __init__(
        self,
        engine: Engine,
        messenger: Messenger,
        pages: Pages,
        streams: stream.Streams,
        zone: ZoneInfo,
        examples: Sequence[str],
    ) -> None:
        self._engine = engine
        self._messenger = messenger
        self._pages = pages
        self._streams = streams
        self._zone = zone
        self._examples = examples
        self._names = {person.id: number for number, person in enumerate(messenger.people)}
        pages.environment.filters["local"] = lambda at: at.astimezone(zone)
        pages.environment.filters["hour"] = clock.hour_in_words
        pages.environment.filters["day"] = clock.day_in_words
        pages.environment.filters["initials"] = initials
        pages.environment.filters["tint"] = lambda person: self._names.get(person, 0) % 6

    def routes(self) -> list[Guarded]:
        return [
            Guarded("/simulator", self.page, policy=LOCAL),
            Guarded("/simulator/phone", self.phone, policy=LOCAL),
            Guarded("/simulator/screen", self.screen, policy=LOCAL),
            Guarded("/simulator/stream", self.stream, policy=LOCAL),
            Guarded("/simulator/file/{ref}", self.file, policy=LOCAL),
            Guarded("/simulator/clock", self.time, policy=LOCAL),
            Guarded("/simulator/clock", self.shift, policy=LOCAL, methods=["POST"]),
            Guarded("/simulator/say", self.say, policy=LOCAL, methods=["POST"]),
            Guarded("/simulator/press", self.press, policy=LOCAL, methods=["POST"]),
            Guarded("/simulator/profile", self.profile, policy=LOCAL, methods=["POST"]),
            Guarded("/simulator/seen", self.seen, policy=LOCAL, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """All phones; `p=person/chat`, repeated, says which, so that a reload and a shared address show the same."""
        latest = self._messenger.latest  # before drawing: what happens meanwhile is sent again and not lost
        phones = [self._phone(number, *chosen) for number, chosen in enumerate(self._chosen(request))]
        return self._pages.show("simulator.html", phones=phones, latest=latest, now=self._now(), zone=self._zone_word())

    async def phone(self, request: Request) -> Response:
        """One phone anew: another person, or another chat."""
        query = request.query_params
        person = query.get("person", "")
        values = self._phone(slot(query.get("slot", "")), person, query.get("chat") or self._first_chat(person))
        return self._pages.show("phone.html", **values)

    async def screen(self, request: Request) -> Response:
        """The part of a phone that changes by itself."""
        query = request.query_params
        values = self._phone(slot(query.get("slot", "")), query.get("person", ""), query.get("chat", ""))
        return self._pages.show("screen.html", **values)

    async def stream(self, request: Request) -> Response:
        """What happens, as it happens."""
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        follow = self._streams.follow(self._messenger, int(after) if after.isdecimal() else self._messenger.latest)
        return StreamingResponse(follow, media_type="text/event-stream", headers=stream.HEADERS)

    async def file(self, request: Request) -> Response:
        """A photo to look at, or any other file to save: nothing that a browser would run."""
        data = await asyncio.to_thread(found, self._messenger.file, request.path_params["ref"])
        if mime := uploads.sniff(data[:16]):
            return Response(data, media_type=mime)
        headers = {"content-disposition": "attachment"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def say(self, request: Request) -> Response:
        """A person's message; a file that is not taken is explained in the composer."""
        async with bounded(request, LARGEST).form(max_files=uploads.MOST + 1) as form:
            try:
                pictures = photos(form)
            except uploads.BadUpload as bad:
                return self._pages.show("keliru.html", 422, sentence=str(bad))
            text, spot = field(form, "text").strip(), place(field(form, "place"))
            if text or pictures or spot:
                say = self._messenger.say(*where(form), text, pictures, field(form, "reply_to"), spot)
                await handed_over(say)
        return Response(status_code=NO_CONTENT)

    async def press(self, request: Request) -> Response:
        """A touched button."""
        async with bounded(request).form() as form:
            press = self._messenger.press(*where(form), field(form, "message"), field(form, "token"))
            await handed_over(press)
        return Response(status_code=NO_CONTENT)

    async def profile(self, request: Request) -> Response:
        """Another messenger for this chat."""
        async with bounded(request).form() as form:
            found(self._messenger.switch, *where(form), field(form, "profile"))
        return Response(status_code=NO_CONTENT)

    async def seen(self, request: Request) -> Response:
        """A chat was looked at."""
        async with bounded(request).form() as form:
            found(self._messenger.see, *where(form))
        return Response(status_code=NO_CONTENT)

    async def time(self, request: Request) -> Response:
        return self._pages.show("jam.html", now=self._now(), zone=self._zone_word())

    async def shift(self, request: Request) -> Response:
        """Move the fake time; a real one cannot be moved, and then there is no such page."""
        async with bounded(request).form() as form:
            delta = found(clock.step, field(form, "step"), self._now())
        if not hasattr(self._engine.clock, "shift"):
            raise HTTPException(404)
        await cast(FakeClock, self._engine.clock).shift(delta)
        return await self.time(request)

    def _phone(self, number: int, person: str, chat: str) -> dict[str, Any]:
        """What the templates of a phone want."""
        people = self._messenger.people
        return {
            "slot": number,
            "people": people,
            "owner": people[found(self._names.__getitem__, person)],
            "screen": found(self._messenger.screen, person, chat),
            "examples": self._examples,
            "places": PLACES,
            "labels": PROFILES,
        }

    def _chosen(self, request: Request) -> list[tuple[str, str]]:
        """Person and chat of each phone; what the address does not say, or says wrongly, is filled in."""
        wanted = [tuple(value.partition("/")[::2]) for value in request.query_params.getlist("p")]
        chosen: list[tuple[str, str]] = []
        for number, person in enumerate(list(self._messenger.people)[:PHONES]):
            pair = wanted[number] if number < len(wanted) else ("", "")
            known = pair[0] in self._names and pair[1] in self._messenger.chats_of(pair[0])
            chosen.append((pair[0], pair[1]) if known else (person.id, self._first_chat(person.id)))
        return chosen

    def _first_chat(self, person: str) -> str:
        return found(self._messenger.chats_of, person)[0]

    def _now(self) -> datetime:
        return self._engine.clock.now().astimezone(self._zone)

    def _zone_word(self) -> str:
        return clock.zone_in_words(self._zone, self._now())


def initials(name: str) -> str:
    """At most two letters that stand for a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
