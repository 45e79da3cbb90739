"""Calls to the gateway over HTTP, and what its refusals mean. Nothing that leaves here holds the API key."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.errors import Ambiguous, ChatClosed, Rejected, Retry, SendError

from .fields import find, words

if TYPE_CHECKING:
    import httpx

KEY_REFUSED, UNREACHABLE, NOT_WORKING = "key", "unreachable", "session"
"""What is wrong with the gateway as a whole, for health."""
PAUSE = 30.0
"""Seconds that the account rests when its key or session must be seen to by a person."""


class Gateway:
    """One session of one WAHA. `tell` hears what is wrong with it, "" when it did what it was asked to."""

    def __init__(self, base_url: str, api_key: str, session: str, tell: Callable[[str, str], None], patience: float) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = session
        self._api_key = api_key
        self._tell = tell
        self._patience = patience
        self._opened: httpx.AsyncClient | None = None

    def path(self, *steps: str) -> str:
        """An address below the session, ids in it escaped (`@` as %40)."""
        return "/".join(["/api", *(quote(step, safe="") for step in (self.session, *steps))])

    async def post(self, path: str, fields: Mapping[str, Any], patience: float | None = None) -> Any:
        """POST with the session. Raises a `SendError`."""
        return await self._call("POST", path, {"session": self.session, **fields}, patience)

    async def put(self, path: str, fields: Mapping[str, Any]) -> Any:
        """PUT. Raises a `SendError`."""
        return await self._call("PUT", path, dict(fields))

    async def get(self, path: str, patience: float | None = None, /, **query: str | int) -> Any:
        """GET. Raises a `SendError`."""
        return await self._call("GET", path, None, patience, query)

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """The bytes at an address of the gateway, in pieces; redirects are not followed. Raises a `SendError`."""
        async with self._asking(), self._client().stream("GET", path) as response:
            if response.status_code != 200:
                await response.aread()
                raise self._refusal(response)
            async for piece in response.aiter_bytes():
                yield piece

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    async def _call(
        self, method: str, path: str, body: Any, patience: float | None = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        import httpx

        timeout = httpx.Timeout(patience or self._patience, connect=min(5.0, patience or self._patience))
        async with self._asking():
            response = await self._client().request(method, path, json=body, params=query, timeout=timeout)
            if not response.is_success:
                raise self._refusal(response)
        self._tell("", "")
        return _json(response)

    def _client(self) -> "httpx.AsyncClient":
        """Opened by the first call. No proxy of the environment: the gateway is near, and the key is for it alone."""
        if self._opened is None:
            import httpx

            self._opened = httpx.AsyncClient(
                base_url=self.base_url,
                headers={"X-Api-Key": self._api_key},
                follow_redirects=False,
                trust_env=False,
                timeout=self._patience,
            )
        return self._opened

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Raises what a broken connection means: what certainly did not arrive may be sent again, the rest is in doubt."""
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            self._tell(UNREACHABLE, type(error).__name__)
            raise Retry(f"the gateway cannot be reached: {type(error).__name__}", whole_account=True) from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Ambiguous(f"the gateway's answer got lost: {type(error).__name__}") from None
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise Rejected(f"the gateway cannot be asked this: {type(error).__name__}") from None

    def _refusal(self, response: "httpx.Response") -> SendError:
        said = _json(response)
        reason = f"{response.status_code} {_reason(said)}".strip().replace(self._api_key, "•••")
        match response.status_code:
            case 401 | 403:
                self._tell(KEY_REFUSED, reason)
                return Retry(f"the gateway refuses our key: {reason}", PAUSE, whole_account=True)
            case 429:
                return Retry(reason, _seconds(response.headers.get("retry-after", "")), whole_account=True)
            case 502 | 504:  # a proxy before it gave up on an answer
                return Ambiguous(reason)
            case 500 if "error 463" in reason:
                # WhatsApp's reach-out limit: nobody may be written to who never wrote first.
                return ChatClosed(reason)
            case status if status >= 500:
                return Retry(reason)
            case 404 | 422 if _of_session(said):
                self._tell(NOT_WORKING, words(said, "status"))
                return Retry(f"the session does not work: {reason}", PAUSE, whole_account=True)
        return Rejected(reason)


def _of_session(said: Any) -> bool:
    """Whether the session is at fault and not the request: it is not WORKING, or not there."""
    if isinstance(find(said, "expected"), list) and words(said, "status"):
        return True
    return "session" in _reason(said).lower() and "not found" in _reason(said).lower()


def _reason(said: Any) -> str:
    """What the gateway says is wrong, without the stack traces it adds."""
    for found in (find(said, "exception", "message"), find(said, "message"), find(said, "error")):
        if isinstance(found, list):
            found = "; ".join(each for each in found if isinstance(each, str))
        if isinstance(found, str) and found:
            return found[:200]
    return ""


def _json(response: "httpx.Response") -> Any:
    try:
        return response.json() if response.content else None
    except (ValueError, json.JSONDecodeError, RecursionError):
        return None


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else PAUSE
