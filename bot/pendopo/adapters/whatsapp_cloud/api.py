"""HTTP calls to the Graph API: one client, no redirects, and no secret in any error."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import httpx
import structlog

from pendopo.adapters.bounded_http import MOST_BYTES, MOST_FILE, BoundedClient, OversizeAnswerError
from pendopo.adapters.whatsapp_cloud.errors import OPERATOR_KINDS, Refusal, redact_token
from pendopo.errors import PermanentSendError, TemporarySendError, UnknownOutcomeError

log = structlog.get_logger(__name__)

_NOT_SENT_ERRORS = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class GraphClient:
    """The Graph API for one account; `patience` is the seconds to wait, `good` is called after every successful call."""

    def __init__(self, base: str, version: str, token: str, patience: float, good: Callable[[], None]) -> None:
        self._root = f"{base.rstrip('/')}/{version}"
        self._token = token
        self._on_success = good
        self._client = BoundedClient(
            timeout=httpx.Timeout(patience, connect=min(patience, 10.0)),
            headers={"Authorization": f"Bearer {token}"},
            follow_redirects=False,
        )
        self.trouble = ""
        """Why the whole account cannot send, "" if it can; a successful call clears it."""
        self._sending = False

    async def post(self, path: str, *, effect: bool = False, **body: Any) -> Mapping[str, Any]:
        """POST; with `effect`, a lost answer is an `UnknownOutcomeError`. Raises a `SendError`."""
        return await self._request("POST", path, effect, **body)

    async def get(self, path: str, **query: str) -> Mapping[str, Any]:
        """GET with a query. Raises a `SendError`."""
        return await self._request("GET", path, False, params=query)

    @asynccontextmanager
    async def stream_url(self, url: str) -> AsyncIterator[httpx.Response]:
        """The answer to a GET of a full URL, to be read in pieces. Raises a `SendError`."""
        with _translate_errors(effect=False):
            async with self._client.stream("GET", url, extensions={MOST_BYTES: MOST_FILE}) as response:
                if 300 <= response.status_code < 400:
                    raise PermanentSendError("the file lies elsewhere, and no redirect is followed")
                yield response

    async def close(self) -> None:
        await self._client.aclose()

    def read_refusal(self, response: httpx.Response) -> Refusal:
        """Parse an error answer, and report it to the operator if the whole account is affected."""
        refusal = Refusal(response.status_code, _parse_json(response.content), self._token)
        if refusal.kind in OPERATOR_KINDS:
            self.note_stopped(refusal.said)
        return refusal

    def note_stopped(self, reason: str, told_late: bool = False) -> None:
        """Report that the whole account cannot send. If a status said so (`told_late`), only a successful send clears it."""
        self.trouble, self._sending = redact_token(reason, self._token), told_late
        log.error("the account cannot send", event_name="whatsapp_account_stopped", error=self.trouble)

    async def _request(self, method: str, path: str, effect: bool, **more: Any) -> Mapping[str, Any]:
        with _translate_errors(effect):
            response = await self._client.request(method, f"{self._root}/{path}", **more)
        if not response.is_success:
            raise self.read_refusal(response).make_error(effect, _parse_retry_after(response))
        if effect or not self._sending:
            self.trouble = ""
        self._on_success()
        return _parse_json(response.content)


@contextmanager
def _translate_errors(effect: bool) -> Iterator[None]:
    """Translate errors of httpx into those of the outbox, without their texts, which may contain URLs."""
    try:
        yield
    except _NOT_SENT_ERRORS as error:
        raise TemporarySendError(f"WhatsApp is out of reach: {type(error).__name__}") from None
    except OversizeAnswerError as error:
        raise (UnknownOutcomeError if effect else PermanentSendError)(str(error)) from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        lost = UnknownOutcomeError if effect else TemporarySendError
        raise lost(f"no answer from WhatsApp: {type(error).__name__}") from None


def _parse_retry_after(response: httpx.Response) -> float | None:
    """The seconds of the `Retry-After` header."""
    with suppress(KeyError, ValueError):
        return max(0.0, float(response.headers["retry-after"]))
    return None


def _parse_json(content: bytes) -> Mapping[str, Any]:
    with suppress(ValueError, RecursionError):
        if isinstance(data := json.loads(content), dict):
            return data
    return {}
