"""HTTP calls to the gateway, and the meaning of its errors. No text that leaves this module contains the API key."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pendopo.adapters.foreign_json import find_value, get_text
from pendopo.errors import ChatClosedError, PermanentSendError, SendError, TemporarySendError, UnknownOutcomeError

if TYPE_CHECKING:
    import httpx

KEY_REFUSED, UNREACHABLE, NOT_WORKING = "key", "unreachable", "session"
"""Faults of the whole gateway, reported to health."""
CHAT_CLOSED = re.compile(r"server returned error (?:401|403|404|463)\b|\b(?:not-authorized|forbidden|item-not-found)\b")
"""What WhatsApp itself says of a chat: the bot is no member, only admins write there, it is gone, or (463, the reach-out limit
of 2026) its person never wrote first. The gateway hands it on as a fault of its own."""
MESSAGE_REFUSED = re.compile(r"server returned error (?:400|406|479)\b|\b(?:not-acceptable|bad-request)\b")
"""What WhatsApp says of one message; it says so again however often it is tried."""
PAUSE_SECONDS = 30.0
"""Seconds the account rests when an operator must fix its key or session."""


class Gateway:
    """One session of a WAHA server. `tell` gets (fault, detail) of its calls, with fault "" after a success."""

    def __init__(self, base_url: str, api_key: str, session: str, tell: Callable[[str, str], None], patience: float) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = session
        self._api_key = api_key
        self._report_state = tell
        self._patience = patience
        self._opened: httpx.AsyncClient | None = None

    def make_path(self, *steps: str) -> str:
        """A path below the session, its ids escaped (`@` as %40)."""
        return "/".join(["/api", *(quote(step, safe="") for step in (self.session, *steps))])

    async def post(self, path: str, fields: Mapping[str, Any], patience: float | None = None) -> Any:
        """POST a body to which the session is added. Raises a `SendError`."""
        return await self._request("POST", path, {"session": self.session, **fields}, patience)

    async def put(self, path: str, fields: Mapping[str, Any]) -> Any:
        """PUT. Raises a `SendError`."""
        return await self._request("PUT", path, dict(fields))

    async def get(self, path: str, patience: float | None = None, /, **query: str | int) -> Any:
        """GET. Raises a `SendError`."""
        return await self._request("GET", path, None, patience, query)

    async def stream_file(self, path: str) -> AsyncIterator[bytes]:
        """The bytes at a path of the gateway, in pieces; redirects are not followed. Raises a `SendError`."""
        from pendopo.adapters.bounded_http import MOST_BYTES, MOST_FILE

        limit = {MOST_BYTES: MOST_FILE}
        async with self._translate_errors(file=True), self._get_client().stream("GET", path, extensions=limit) as response:
            if response.status_code != 200:
                await response.aread()
                raise self._make_error(response)
            async for piece in response.aiter_bytes():
                yield piece

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    async def _request(
        self, method: str, path: str, body: Any, patience: float | None = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        import httpx

        timeout = httpx.Timeout(patience or self._patience, connect=min(5.0, patience or self._patience))
        async with self._translate_errors():
            response = await self._get_client().request(method, path, json=body, params=query, timeout=timeout)
            if not response.is_success:
                raise self._make_error(response)
        self._report_state("", "")
        return _parse_json(response)

    def _get_client(self) -> "httpx.AsyncClient":
        """The client, opened on first use. It ignores proxy settings: the gateway is nearby, and only it may see the key."""
        if self._opened is None:
            from pendopo.adapters.bounded_http import BoundedClient

            self._opened = BoundedClient(
                base_url=self.base_url,
                headers={"X-Api-Key": self._api_key},
                follow_redirects=False,
                trust_env=False,
                timeout=self._patience,
            )
        return self._opened

    @asynccontextmanager
    async def _translate_errors(self, file: bool = False) -> AsyncIterator[None]:
        """Translate connection errors: a request that cannot have arrived may be repeated, any other is in doubt."""
        import httpx

        from pendopo.adapters.bounded_http import OversizeAnswerError

        try:
            yield
        except OversizeAnswerError as error:
            kind = PermanentSendError if file else UnknownOutcomeError
            raise kind(str(error)) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            self._report_state(UNREACHABLE, type(error).__name__)
            raise TemporarySendError(f"the gateway cannot be reached: {type(error).__name__}", whole_account=True) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise UnknownOutcomeError(f"the gateway's answer got lost: {type(error).__name__}") from None
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise PermanentSendError(f"the gateway cannot be asked this: {type(error).__name__}") from None

    def _make_error(self, response: "httpx.Response") -> SendError:
        body = _parse_json(response)
        reason = f"{response.status_code} {_find_reason(body)}".strip().replace(self._api_key, "•••")
        match response.status_code:
            case 401 | 403:
                self._report_state(KEY_REFUSED, reason)
                return TemporarySendError(f"the gateway refuses our key: {reason}", PAUSE_SECONDS, whole_account=True)
            case 429:
                return TemporarySendError(
                    reason, _parse_retry_after(response.headers.get("retry-after", "")), whole_account=True
                )
            case 502 | 504:  # a proxy in front of it gave up waiting
                return UnknownOutcomeError(reason)
            case 500 if CHAT_CLOSED.search(reason):
                return ChatClosedError(reason)
            case 500 if MESSAGE_REFUSED.search(reason):
                return PermanentSendError(reason)
            case status if status >= 500:
                return TemporarySendError(reason)
            case 404 | 422 if _is_session_fault(body):
                self._report_state(NOT_WORKING, get_text(body, "status"))
                return TemporarySendError(f"the session does not work: {reason}", PAUSE_SECONDS, whole_account=True)
        return PermanentSendError(reason)


def _is_session_fault(body: Any) -> bool:
    """Whether the session is at fault and not the request: it is not WORKING, or does not exist."""
    reason = _find_reason(body).lower()
    unfit = isinstance(find_value(body, "expected"), list) and get_text(body, "status") != ""
    return unfit or ("session" in reason and "not found" in reason)


def _find_reason(body: Any) -> str:
    """The gateway's error message, without the stack traces it adds."""
    for text in (find_value(body, "exception", "message"), find_value(body, "message"), find_value(body, "error")):
        if isinstance(text, list):
            text = "; ".join(each for each in text if isinstance(each, str))
        if isinstance(text, str) and text:
            return text[:200]
    return ""


def _parse_json(response: "httpx.Response") -> Any:
    try:
        return response.json() if response.content else None
    except (ValueError, json.JSONDecodeError, RecursionError):
        return None


def _parse_retry_after(text: str) -> float:
    return float(text) if text.isdecimal() and len(text) < 10 else PAUSE_SECONDS
