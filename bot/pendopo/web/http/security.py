"""The guard around the whole web app, in pure ASGI:

- security headers on every response, error pages too;
- CSRF: unsafe methods are accepted from our own pages only (webhooks are signed instead);
- pages answer under the names that the bot knows of itself only, whatever a proxy passes on;
- what is for this machine only answers a loopback peer that no proxy speaks for, under a loopback name.
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_HARDENING = [(name.encode(), value.encode()) for name, value in {**HEADERS, "cache-control": "no-store"}.items()]
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
"""Types of files that are displayed; others are sent as downloads, since a browser would run some of them."""
SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing (RFC 9110, 9.2.1), so other sites may use them."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine; in DNS rebinding the attacker's own name points here, and is refused."""

REFUSED = """<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Ditolak</title><h1>Ditolak: belum ada yang dikirim</h1>
<p>Peramban tidak menyebut dari halaman mana tombol ini ditekan. Buka kembali halamannya dan coba lagi. Bila tetap begini,
matikan dulu pengaya privasi untuk alamat ini, pakai peramban lain, atau kirim lewat chat.</p>
<p><a href="/">Ke halaman depan</a></p></html>"""
"""What a refused request is answered with: a page of its own, since nothing may be loaded for it."""


PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked by an address, by whatever watches the bot; what they tell of it they ask for themselves."""
_FORWARDED = ("forwarded", "via", "x-forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
"""Beginnings of the names of headers by which a proxy says for whom it speaks."""


class Guard:
    """Wraps the app. Paths under `signed` skip the CSRF check and are asked under any name, since platforms know others.

    Those under `local` answer this machine only. `hosts` are the names of the site, besides those of this machine; without
    any, all names will do.
    """

    def __init__(
        self, app: ASGIApp, signed: Sequence[str] = ("/hooks/",), local: Sequence[str] = (), hosts: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._signed = tuple(signed)
        self._local = tuple(local)
        self._hosts = (*hosts, *LOOPBACK) if hosts else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                raw = message.setdefault("headers", [])
                there = {name for name, _ in raw}
                raw += [header for header in _HARDENING if header[0] not in there]
            await send(message)

        app = HTMLResponse(REFUSED, status_code=403) if self._is_refused(scope) else self._app
        await app(scope, receive, guarded)

    def _is_refused(self, scope: Scope) -> bool:
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(self._local) and not is_local(scope):
            return True
        if self._hosts and get_host(headers) not in self._hosts and not path.startswith((*self._signed, *PROBES)):
            return True
        return scope["method"] not in SAFE and not path.startswith(self._signed) and _is_foreign(headers)


def get_host(headers: Headers) -> str:
    """The name that a request is for, without its port; "" for none that can be read."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def is_local(scope: Scope) -> bool:
    """Whether a request comes from this machine itself: from a loopback peer, under a loopback name, through no proxy."""
    headers = Headers(scope=scope)
    peer = (scope.get("client") or ("",))[0]
    try:
        near = ipaddress.ip_address(peer).is_loopback
    except ValueError:
        near = False
    return near and get_host(headers) in LOOPBACK and not any(name.startswith(_FORWARDED) for name in headers)


def _is_foreign(headers: Headers) -> bool:
    """Whether a request may come from another site: by Sec-Fetch-Site, else Origin, else Referer in browsers without these."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = urlsplit(headers.get("origin") or headers.get("referer", ""))
    return origin.scheme not in ("http", "https") or origin.netloc != headers.get("host")
