"""Actions on the dashboard: a press or a line of text becomes an event in the inbox, like one from any messenger."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pendopo.adapters.dashboard import pack_press, pack_text
from pendopo.engine.app import App
from pendopo.plugin.values import WEB
from pendopo.web.dashboard import replies
from pendopo.web.dashboard.page_context import HEADERS, PageContext
from pendopo.web.dashboard.sessions import Visitor
from pendopo.web.dashboard.sign_in import check_inner_path
from pendopo.web.http.access import GuardedRoute
from pendopo.web.http.bodies import get_field, limit_body

PATIENCE, STEP = 2.5, 0.04
"""Seconds to wait for the answer before the page is shown without it, and seconds between polls of the database. It polls since
another process on the same database may handle the event."""
MAX_TEXT = 4000
"""Characters kept of one field."""
_ONCE = re.compile(r"[\w-]{8,64}")
"""The key that the page makes for each press, so that a form sent twice counts once."""
FIELD_PREFIX = "f."
"""Prefix of the fields that people fill in, to tell them from the form's own fields."""


class DashboardActions:
    """The routes /tekan, /ucap and /jawaban."""

    def __init__(self, context: PageContext, app: App) -> None:
        self._context = context
        self._app = app

    def routes(self) -> list[GuardedRoute]:
        return [
            self._context.guard_route("/tekan", self.accept_press, "known", ["POST"]),
            self._context.guard_route("/ucap", self.accept_message, "known", ["POST"]),
            self._context.guard_route("/jawaban", self.show_answers, "known"),
        ]

    async def accept_press(self, request: Request, signed: Visitor) -> Response:
        """Accept a pressed button or a submitted form, which is a button with fields. Raises `HTTPException` 400."""
        form = await limit_body(request).form()
        token, once = get_field(form, "token"), self._make_event_id(get_field(form, "once"), get_field(form, "token"))
        if not token:
            raise HTTPException(400)
        filled: Mapping[str, str] = {
            name.removeprefix(FIELD_PREFIX): value[:MAX_TEXT]
            for name, value in form.items()
            if name.startswith(FIELD_PREFIX) and isinstance(value, str)
        }
        at = self._context.core.clock.now()
        await self._app.accept(WEB, [pack_press(once, signed.person.id, at, token, filled)])
        return await self._redirect_back(form_path(get_field(form, "back")), once, "press")

    async def accept_message(self, request: Request, signed: Visitor) -> Response:
        """Accept a line of text: a command, or the answer to a question."""
        form = await limit_body(request).form()
        text, once = get_field(form, "text").strip()[:MAX_TEXT], self._make_event_id(get_field(form, "once"), "")
        if not text:
            return RedirectResponse(form_path(get_field(form, "back")), status_code=303, headers=HEADERS)
        at = self._context.core.clock.now()
        await self._app.accept(WEB, [pack_text(once, signed.person.id, at, text, get_field(form, "reply_to"))])
        return await self._redirect_back(form_path(get_field(form, "back")), once, "message")

    async def show_answers(self, request: Request, signed: Visitor) -> Response:
        """Render the latest answers again."""
        asked = request.query_params
        return await self._context.render_page(
            signed, "dashboard/replies.html", path=form_path(asked.get("back", "")), answered_in_card="kartu" in asked
        )

    def _make_event_id(self, once: str, token: str) -> str:
        """Make the id of a press: the same button pressed twice on one rendering of a page is one event."""
        if not _ONCE.fullmatch(once):
            raise HTTPException(400)
        return f"{once}.{token[-12:]}" if token else once

    async def _redirect_back(self, path: str, once: str, kind: str) -> Response:
        """Redirect to the page of the press, with the answer if it comes within PATIENCE; later ones come by live stream."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._wait_until_handled(once, kind)
        return RedirectResponse(path, status_code=303, headers=HEADERS)

    async def _wait_until_handled(self, once: str, kind: str) -> None:
        """Poll until the event is handled, in any process."""
        while True:
            if await replies.is_handled(self._context.core, once, kind):
                return
            await asyncio.sleep(STEP)


def form_path(path: str) -> str:
    """Return the path that a form came from, without its fragment. Raises `HTTPException` 400 for a foreign one."""
    return check_inner_path(path.partition("#")[0])
