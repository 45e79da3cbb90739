"""The simulator's page: phones side by side, one for each person, updated live.

It knows the messenger by the protocol `SimulatedMessenger`, not by its class, since the web app does not depend on adapters.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pendopo.errors import NotKeptError
from pendopo.media import sniff_type
from pendopo.model.numbers import parse_number
from pendopo.web.engine_port import Engine, MovableClock
from pendopo.web.http import streams as stream
from pendopo.web.http.access import LOCAL, GuardedRoute
from pendopo.web.http.bodies import get_field, limit_body
from pendopo.web.http.security import PICTURES
from pendopo.web.http.templates import Templates
from pendopo.web.simulator.forms import (
    MAX_PHOTO_BYTES,
    MAX_PHOTOS,
    NOT_KEPT,
    UploadedPhoto,
    UploadError,
    find_or_404,
    get_phone,
    hand_over,
    parse_place,
    parse_slot,
    read_photos,
)
from pendopo.web.simulator.story import match_story

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
STEPS = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1)}
"""The step of each button."""
MORNING = time(7, 0)
"""The time of the button *next morning*, in the people's zone."""


def day_in_words(at: datetime) -> str:
    """Kamis, 13 Agustus 2026"""
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year}"


def hour_in_words(at: datetime) -> str:
    """09.00"""
    return f"{at:%H.%M}"


def resolve_step(name: str, now: datetime) -> timedelta:
    """Return the step of a button; `now` in the people's zone. Raises `KeyError` for an unknown button."""
    if name != "besok":
        return STEPS[name]
    morning = datetime.combine(now.date() + timedelta(days=1), MORNING, now.tzinfo)
    return morning - now


PHONES = 4
"""Phones shown at first, one for each person."""
PLACES = (
    ("Balai Kota", -6.9107, 107.6098),
    ("Simpang Dago", -6.8851, 107.6137),
    ("Terminal Dago", -6.8664, 107.6213),
    ("Alun-alun", -6.9218, 107.6070),
)
PROFILES = {"telegram": "Telegram", "whatsapp": "WhatsApp", "whatsapp_group": "WhatsApp grup"}
LARGEST = MAX_PHOTOS * MAX_PHOTO_BYTES + 1024 * 1024
"""Largest form in bytes: the photos, and 1 MiB for the other fields."""
NO_CONTENT, NOT_KEPT_STATUS = 204, 507


class SimulatedPerson(Protocol):
    """A person with a phone."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


class SimulatedMessenger(stream.Source, Protocol):
    """The people's side of the simulated messenger. Raises `LookupError` for an unknown person, chat or message."""

    @property
    def people(self) -> Sequence[SimulatedPerson]: ...

    def chats_of(self, person: str) -> Sequence[str]: ...

    def screen(self, person: str, chat: str) -> Any:
        """Return the values of the templates: `title`, `tabs`, `profile`, `profiles`, `bubbles`, `unread`."""

    async def say(
        self,
        person: str,
        chat: str,
        text: str,
        photos: Sequence[UploadedPhoto] = (),
        reply_to: str = "",
        location: tuple[float, float, str] | None = None,
    ) -> None: ...

    async def press(self, person: str, chat: str, message: str, token: str) -> None: ...

    def switch(self, person: str, chat: str, profile: str) -> None: ...

    def see(self, person: str, chat: str) -> None: ...

    def file(self, ref: str) -> bytes: ...


class SimulatorPages:
    """The routes under /simulator."""

    def __init__(
        self,
        engine: Engine,
        messenger: SimulatedMessenger,
        pages: Templates,
        streams: stream.Streams,
        zone: ZoneInfo,
        examples: Sequence[str],
        has_dashboard: bool = False,
    ) -> None:
        self._engine = engine
        self._messenger = messenger
        self._pages = pages
        self._streams = streams
        self._zone = zone
        self._examples = examples
        self._has_dashboard = has_dashboard
        self._names = {person.id: number for number, person in enumerate(messenger.people)}
        pages.environment.filters["local"] = lambda at: at.astimezone(zone)
        pages.environment.filters["hour"] = hour_in_words
        pages.environment.filters["day"] = day_in_words
        pages.environment.filters["initials"] = make_initials
        pages.environment.filters["tint"] = lambda person: self._names.get(person, 0) % 6

    def routes(self) -> list[GuardedRoute]:
        return [
            GuardedRoute("/simulator", self.show_phones, policy=LOCAL),
            GuardedRoute("/simulator/phone", self.show_phone, policy=LOCAL),
            GuardedRoute("/simulator/screen", self.show_screen, policy=LOCAL),
            GuardedRoute("/simulator/stream", self.stream_events, policy=LOCAL),
            GuardedRoute("/simulator/file/{ref}", self.serve_file, policy=LOCAL),
            GuardedRoute("/simulator/clock", self.show_clock, policy=LOCAL),
            GuardedRoute("/simulator/clock", self.move_clock, policy=LOCAL, methods=["POST"]),
            GuardedRoute("/simulator/say", self.post_message, policy=LOCAL, methods=["POST"]),
            GuardedRoute("/simulator/press", self.post_press, policy=LOCAL, methods=["POST"]),
            GuardedRoute("/simulator/profile", self.post_profile, policy=LOCAL, methods=["POST"]),
            GuardedRoute("/simulator/seen", self.post_seen, policy=LOCAL, methods=["POST"]),
        ]

    async def show_phones(self, request: Request) -> Response:
        """Show all phones; repeated `p=person/chat` chooses them, so that a reload and a shared address show the same."""
        latest = self._messenger.latest  # read before rendering, so that changes in between are sent again, not lost
        phones = [self._describe_phone(number, *chosen) for number, chosen in enumerate(self._choose_chats(request))]
        ids = {person.title: person.id for person in self._messenger.people}
        return self._pages.render_template(
            "simulator.html",
            phones=phones,
            latest=latest,
            now=self._now(),
            zone=self._now().tzname(),
            story=[(ids[step.title], step) for step in match_story(ids)],
            dashboard=self._has_dashboard,
        )

    async def show_phone(self, request: Request) -> Response:
        """Show one phone with another person or chat."""
        query = request.query_params
        person = query.get("person", "")
        values = self._describe_phone(parse_slot(query.get("slot", "")), person, query.get("chat") or self._first_chat(person))
        return self._pages.render_template("phone.html", **values)

    async def show_screen(self, request: Request) -> Response:
        """Show the live part of a phone."""
        query = request.query_params
        values = self._describe_phone(parse_slot(query.get("slot", "")), query.get("person", ""), query.get("chat", ""))
        return self._pages.render_template("screen.html", **values)

    async def stream_events(self, request: Request) -> Response:
        """Stream changes as they happen."""
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        seen = parse_number(after)
        follow = self._streams.stream_changes(self._messenger, self._messenger.latest if seen is None else seen)
        return StreamingResponse(follow, media_type="text/event-stream", headers=stream.HEADERS)

    async def serve_file(self, request: Request) -> Response:
        """Send a photo for display, any other file as a download, so that a browser runs nothing."""
        data = await asyncio.to_thread(find_or_404, self._messenger.file, request.path_params["ref"])
        if (mime := sniff_type(data[:16])) in PICTURES:
            return Response(data, media_type=mime)
        headers = {"content-disposition": "attachment"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def post_message(self, request: Request) -> Response:
        """Post a person's message; the composer explains a refused file."""
        async with limit_body(request, LARGEST).form(max_files=MAX_PHOTOS + 1) as form:
            try:
                pictures = read_photos(form)
            except UploadError as bad:
                return self._pages.render_template("bad_input.html", 422, sentence=str(bad))
            text, spot = get_field(form, "text").strip(), parse_place(get_field(form, "place"))
            if text or pictures or spot:
                say = self._messenger.say(*get_phone(form), text, pictures, get_field(form, "reply_to"), spot)
                try:
                    await hand_over(say)
                except NotKeptError:
                    return self._pages.render_template("bad_input.html", NOT_KEPT_STATUS, sentence=NOT_KEPT)
        return Response(status_code=NO_CONTENT)

    async def post_press(self, request: Request) -> Response:
        """Post a pressed button."""
        async with limit_body(request).form() as form:
            press = self._messenger.press(*get_phone(form), get_field(form, "message"), get_field(form, "token"))
            try:
                await hand_over(press)
            except NotKeptError:
                return Response(status_code=NOT_KEPT_STATUS)
        return Response(status_code=NO_CONTENT)

    async def post_profile(self, request: Request) -> Response:
        """Switch the messenger profile of a chat."""
        async with limit_body(request).form() as form:
            find_or_404(self._messenger.switch, *get_phone(form), get_field(form, "profile"))
        return Response(status_code=NO_CONTENT)

    async def post_seen(self, request: Request) -> Response:
        """Mark a chat as read."""
        async with limit_body(request).form() as form:
            find_or_404(self._messenger.see, *get_phone(form))
        return Response(status_code=NO_CONTENT)

    async def show_clock(self, request: Request) -> Response:
        return self._pages.render_template("clock.html", now=self._now(), zone=self._now().tzname())

    async def move_clock(self, request: Request) -> Response:
        """Move the simulated time. Raises `HTTPException` 404 for a real clock, which cannot be moved."""
        async with limit_body(request).form() as form:
            delta = find_or_404(resolve_step, get_field(form, "step"), self._now())
        if not hasattr(self._engine.clock, "shift"):
            raise HTTPException(404)
        await cast(MovableClock, self._engine.clock).shift(delta)
        return await self.show_clock(request)

    def _describe_phone(self, number: int, person: str, chat: str) -> dict[str, Any]:
        """Return the values for the templates of a phone."""
        people = self._messenger.people
        return {
            "slot": number,
            "people": people,
            "owner": people[find_or_404(self._names.__getitem__, person)],
            "screen": find_or_404(self._messenger.screen, person, chat),
            "examples": self._examples,
            "places": PLACES,
            "labels": PROFILES,
        }

    def _choose_chats(self, request: Request) -> list[tuple[str, str]]:
        """Return person and chat of each phone; missing or invalid ones get a default."""
        wanted = [tuple(value.partition("/")[::2]) for value in request.query_params.getlist("p")]
        chosen: list[tuple[str, str]] = []
        for number, person in enumerate(list(self._messenger.people)[:PHONES]):
            pair = wanted[number] if number < len(wanted) else ("", "")
            known = pair[0] in self._names and pair[1] in self._messenger.chats_of(pair[0])
            chosen.append((pair[0], pair[1]) if known else (person.id, self._first_chat(person.id)))
        return chosen

    def _first_chat(self, person: str) -> str:
        return find_or_404(self._messenger.chats_of, person)[0]

    def _now(self) -> datetime:
        return self._engine.clock.now().astimezone(self._zone)


def make_initials(name: str) -> str:
    """Return at most two initials of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
