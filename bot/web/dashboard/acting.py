"""What people do on the dashboard: a press or a line of words becomes an event in the inbox, like one from any messenger."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.adapters.dashboard import pressed, typed
from bot.engine.app import App
from bot.plugin.host import WEB

from ..access import Guarded
from ..body import bounded
from ..form import field
from . import talk
from .desk import HEADERS, Desk
from .door import inner
from .session import Signed

PATIENCE, STEP = 2.5, 0.04
"""So long the answer is waited for before the page is shown without it, and how often one looks (seconds)."""
LONGEST = 4000
_ONCE = re.compile(r"[\w-]{8,64}")
FIELD = "f."


class Acting:
    """The routes that take what people do."""

    def __init__(self, desk: Desk, app: App) -> None:
        self._desk = desk
        self._app = app

    def routes(self) -> list[Guarded]:
        return [
            self._desk.guarded("/tekan", self.press, "known", ["POST"]),
            self._desk.guarded("/ucap", self.speak, "known", ["POST"]),
            self._desk.guarded("/jawaban", self.answers, "known"),
        ]

    async def press(self, request: Request, signed: Signed) -> Response:
        """A button, or a form that is a button with blanks."""
        form = await bounded(request).form()
        token, once = field(form, "token"), self._once(field(form, "once"), field(form, "token"))
        if not token:
            raise HTTPException(400)
        filled: Mapping[str, str] = {
            name.removeprefix(FIELD): value[:LONGEST]
            for name, value in form.items()
            if name.startswith(FIELD) and isinstance(value, str)
        }
        at = self._desk.core.clock.now()
        await self._app.accept(WEB, [pressed(once, signed.person.id, at, token, filled)])
        return await self._back(form_path(field(form, "back")), once, "press")

    async def speak(self, request: Request, signed: Signed) -> Response:
        """A line of words: a command, or the answer to a question."""
        form = await bounded(request).form()
        text, once = field(form, "text").strip()[:LONGEST], self._once(field(form, "once"), "")
        if not text:
            return RedirectResponse(form_path(field(form, "back")), status_code=303, headers=HEADERS)
        at = self._desk.core.clock.now()
        await self._app.accept(WEB, [typed(once, signed.person.id, at, text, field(form, "reply_to"))])
        return await self._back(form_path(field(form, "back")), once, "message")

    async def answers(self, request: Request, signed: Signed) -> Response:
        """What was answered lately, to be drawn anew."""
        return await self._desk.show(signed, "dashboard/talk.html", path=form_path(request.query_params.get("back", "")))

    def _once(self, once: str, token: str) -> str:
        """The id of one press: the same button on the same drawing of a page twice is once."""
        if not _ONCE.fullmatch(once):
            raise HTTPException(400)
        return f"{once}.{token[-12:]}" if token else once

    async def _back(self, path: str, once: str, kind: str) -> Response:
        """To where it was pressed, with the answer if it is there soon; else the page hears of it when it is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._settled(once, kind)
        return RedirectResponse(path, status_code=303, headers=HEADERS)

    async def _settled(self, once: str, kind: str) -> None:
        """Until it is handled, in whichever process."""
        while True:
            if await talk.handled(self._desk.core, once, kind):
                return
            await asyncio.sleep(STEP)


def form_path(path: str) -> str:
    """Where a form came from."""
    return inner(path.partition("#")[0])
