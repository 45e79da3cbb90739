"""Files up and down. Meta, "Cloud API: media" (June 2026): uploads live 30 days, addresses of downloads five minutes."""

import asyncio
import hashlib
import mimetypes
import re
from base64 import b64decode
from collections import OrderedDict
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

UPLOAD_LIFETIME = timedelta(days=29)
LARGEST_IMAGE, LARGEST = 5_000_000, 100_000_000
REMEMBERED = 10_000
PIECE_BYTES = 64 * 1024
_REF = re.compile(r"[A-Za-z0-9_-]{1,128}")
_IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class UploadCache:
    """Files of ours on the platform, each uploaded once in its lifetime."""

    def __init__(self, graph: GraphClient, number: str, host: AdapterHost) -> None:
        self._graph, self._number, self._host = graph, number, host
        self._ids: OrderedDict[File, tuple[str, datetime]] = OrderedDict()

    async def prepare_file(self, content: Photo | Document) -> File:
        """How a file of ours is shown: WhatsApp takes pictures only as small JPEG or PNG, all else is a document."""
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
            mime = "application/octet-stream"  # by its type it would be held to the size of pictures
        return File(
            content.blob, "document", mime or image or mimetypes.guess_type(name)[0] or "application/octet-stream", name
        )

    def is_uploaded(self, file: File) -> bool:
        """Whether it is there already, so that no upload is needed."""
        found = self._ids.get(file)
        return found is not None and self._host.now() < found[1]

    def forget_upload(self, file: File) -> None:
        """The platform no longer has it."""
        self._ids.pop(file, None)

    async def get_media_id(self, file: File) -> str:
        """The platform's id of a file, uploading it where it is not there. Raises a `SendError`."""
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
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return id_

    def _get_path(self, sha256: str) -> Path:
        try:
            return self._host.get_blob_path(sha256)
        except FileNotFoundError as error:
            raise PermanentSendError(f"no blob {sha256}") from error


class Downloads:
    """Files of people. The token is shown to the Graph API's own host and to `hosts` (suffixes such as .fbsbx.com) only."""

    def __init__(self, graph: GraphClient, base: str, number: str, hosts: Sequence[str]) -> None:
        self._graph, self._base, self._number, self._hosts = graph, httpx.URL(base), number, tuple(hosts)

    async def stream_file(self, ref: str) -> AsyncIterator[bytes]:
        """The bytes of a file, checked against their hash at the end. Raises a `SendError`."""
        if not _REF.fullmatch(ref):
            raise PermanentSendError("no id of a file")
        for last in (False, True):
            found = await self._graph.get(ref, phone_number_id=self._number)
            url = self._check_address(get_text(found, "url"))
            async with self._graph.stream_url(url) as response:
                if response.status_code in (401, 404) and not last:
                    continue  # the address is older than five minutes: ask for a new one, once
                if not response.is_success:
                    kind = TemporarySendError if response.status_code >= 500 else PermanentSendError
                    raise kind(f"the file is not given out: HTTP {response.status_code}")
                async for piece in _verify_stream(response, found):
                    yield piece
                return

    def _check_address(self, address: str) -> str:
        """An address that may see our token. Raises `PermanentSendError`."""
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
    digest, size = hashlib.sha256(), 0
    async for piece in response.aiter_bytes(PIECE_BYTES):
        digest.update(piece)
        size += len(piece)
        if size > LARGEST:
            raise PermanentSendError(f"the file is larger than {LARGEST} bytes")
        yield piece
    promised = get_text(found, "sha256")
    if promised and digest.digest() not in _decode_digests(promised):
        raise TemporarySendError("the file is not what WhatsApp says it is")


def _decode_digests(promised: str) -> Sequence[bytes]:
    """A hash is in Base64 in webhooks and in hex in some of Meta's documents."""
    found = []
    if re.fullmatch(r"[0-9a-fA-F]{64}", promised):
        found.append(bytes.fromhex(promised))
    with suppress(ValueError):
        found.append(b64decode(promised, validate=True))
    return found


def _read_head(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        return path.stat().st_size, file.read(16)
