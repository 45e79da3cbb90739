"""Uploads and downloads. Uploads live 30 days, download URLs five minutes (Meta, "Cloud API: media", June 2026)."""

import asyncio
import hashlib
import mimetypes
import re
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from pendopo.adapters.contract import AdapterHost
from pendopo.adapters.foreign_json import get_text
from pendopo.adapters.whatsapp_cloud.api import GraphClient
from pendopo.adapters.whatsapp_cloud.payloads import File
from pendopo.errors import PermanentSendError, TemporarySendError
from pendopo.model import Document, Photo
from pendopo.model.containers import RecentDict

UPLOAD_LIFETIME = timedelta(days=29)
"""A day less than Meta keeps an upload."""
LARGEST_IMAGE, LARGEST = 5_000_000, 100_000_000
"""Bytes of an image, and of a document."""
REMEMBERED = 10_000
_REF = re.compile(r"[A-Za-z0-9_-]{1,128}")
_IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class UploadCache:
    """The platform's ids of our files; each file is uploaded once in `UPLOAD_LIFETIME`."""

    def __init__(self, graph: GraphClient, number: str, host: AdapterHost) -> None:
        self._graph, self._number, self._host = graph, number, host
        self._ids: RecentDict[File, tuple[str, datetime]] = RecentDict(REMEMBERED)

    async def prepare_file(self, content: Photo | Document) -> File:
        """How a file is sent: WhatsApp accepts images only as small JPEG or PNG, everything else is a document."""
        path = self._get_path(content.blob)
        size, head = await asyncio.to_thread(_read_head, path)
        if not 0 < size <= LARGEST:
            raise PermanentSendError(f"a file of {size} bytes is not taken by WhatsApp")
        image = next((mime for mark, mime in _IMAGES.items() if head.startswith(mark)), "")
        if isinstance(content, Photo) and image and size <= LARGEST_IMAGE:
            return File(content.blob, "image", image)
        name = content.name or (f"foto{mimetypes.guess_extension(image) or ''}" if image else "berkas")
        mime = content.mime if isinstance(content, Document) else ""
        if size > LARGEST_IMAGE and (mime or image).startswith("image/"):
            mime = "application/octet-stream"  # with an image type the size limit of images would apply
        return File(
            content.blob, "document", mime or image or mimetypes.guess_type(name)[0] or "application/octet-stream", name
        )

    def is_uploaded(self, file: File) -> bool:
        """Whether the platform still has the file."""
        return file in self._ids and self._host.now() < self._ids[file][1]

    def forget_upload(self, file: File) -> None:
        """Upload the file again next time."""
        self._ids.pop(file, None)

    async def get_media_id(self, file: File) -> str:
        """The platform's id of a file, after uploading it if needed. Raises a `SendError`."""
        if self.is_uploaded(file):
            return self._ids[file][0]
        opened = await asyncio.to_thread(self._get_path(file.sha256).open, "rb")
        try:
            answer = await self._graph.post(
                f"{self._number}/media",
                data={"messaging_product": "whatsapp", "type": file.mime},
                files={"file": (file.name or "file", opened, file.mime)},
            )
        finally:
            await asyncio.to_thread(opened.close)
        id_ = get_text(answer, "id")
        if not id_:
            raise TemporarySendError("an upload was answered without an id")
        self._ids[file] = (id_, self._host.now() + UPLOAD_LIFETIME)
        return id_

    def _get_path(self, sha256: str) -> Path:
        try:
            return self._host.get_blob_path(sha256)
        except FileNotFoundError as error:
            raise PermanentSendError(f"no blob {sha256}") from error


class Downloads:
    """Files people sent. Only the Graph API's own host and `hosts` (suffixes such as .fbsbx.com) ever get the token."""

    def __init__(self, graph: GraphClient, base: str, number: str, hosts: Sequence[str]) -> None:
        self._graph, self._base, self._number, self._hosts = graph, httpx.URL(base), number, tuple(hosts)

    async def stream_file(self, ref: str) -> AsyncIterator[bytes]:
        """The bytes of a file; their hash is checked at the end. Raises a `SendError`."""
        if not _REF.fullmatch(ref):
            raise PermanentSendError("no id of a file")
        for last in (False, True):
            media = await self._graph.get(ref, phone_number_id=self._number)
            url = self._check_address(get_text(media, "url"))
            async with self._graph.stream_url(url) as response:
                if response.status_code in (401, 404) and not last:
                    continue  # the URL has expired (five minutes): request a new one, once
                if not response.is_success:
                    kind = TemporarySendError if response.status_code >= 500 else PermanentSendError
                    raise kind(f"the file is not given out: HTTP {response.status_code}")
                async for piece in _verify_stream(response, media):
                    yield piece
                return

    def _check_address(self, address: str) -> str:
        """The URL, if its host may get our token. Raises `PermanentSendError`."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            raise PermanentSendError("the file has no readable address") from None
        ours = (url.scheme, url.host, url.port) == (self._base.scheme, self._base.host, self._base.port)
        theirs = url.scheme == "https" and url.port is None and url.host.endswith(self._hosts)
        if url.userinfo or not (ours or theirs):
            raise PermanentSendError(f"a file of WhatsApp does not lie at {url.host[:100]!r}")
        return str(url)


async def _verify_stream(response: httpx.Response, found: Mapping[str, Any]) -> AsyncIterator[bytes]:
    digest = hashlib.sha256()
    async for piece in response.aiter_bytes():
        digest.update(piece)
        yield piece
    promised = get_text(found, "sha256")
    if promised and digest.digest() not in _decode_digests(promised):
        raise TemporarySendError("the file is not what WhatsApp says it is")


def _decode_digests(promised: str) -> Sequence[bytes]:
    """All readings of a hash: it is Base64 in webhooks, and hex in some of Meta's documents."""
    digests = [bytes.fromhex(promised)] if re.fullmatch(r"[0-9a-fA-F]{64}", promised) else []
    with suppress(ValueError):
        digests.append(b64decode(promised, validate=True))
    return digests


def _read_head(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        return path.stat().st_size, file.read(16)
