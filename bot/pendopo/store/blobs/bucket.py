"""A bucket of any store that speaks S3: Amazon's, MinIO, Ceph, Garage."""

import os
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any

from pendopo.config import StorageSettings
from pendopo.errors import ConfigError
from pendopo.store.blobs.blob_store import NAME, ListedBlob

PART = 8 * 1024 * 1024
"""Larger files go up in parts of so many bytes, so that they never lie in memory whole."""
TIMEOUT = "60s"


class Bucket:
    """Blobs under `prefix/ab/abcdef…` in one bucket."""

    def __init__(self, settings: StorageSettings) -> None:
        scheme, _, place = settings.url.partition("://")
        bucket, _, prefix = place.partition("/")
        if scheme != "s3" or not bucket:
            raise ConfigError(f"storage.url is s3://bucket or s3://bucket/prefix, not {settings.url!r}")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._settings = settings
        self._bucket = bucket
        self._made: Any = None

    @property
    def _store(self) -> Any:
        if self._made is None:
            from obstore.store import S3Store

            s = self._settings
            self._made = S3Store(
                self._bucket,
                endpoint=s.endpoint or None,
                region=s.region,
                access_key_id=s.access_key.get_secret_value() or None,
                secret_access_key=s.secret_key.get_secret_value() or None,
                virtual_hosted_style_request=not s.endpoint,
                client_options={"allow_http": s.endpoint.startswith("http://"), "timeout": TIMEOUT},
            )
        return self._made

    async def put(self, sha256: str, path: Path) -> None:
        import obstore

        with path.open("rb") as file:
            many = os.fstat(file.fileno()).st_size > PART
            await obstore.put_async(
                self._store, self._object_key(sha256), file, use_multipart=many, chunk_size=PART, max_concurrency=2
            )

    async def get(self, sha256: str) -> AsyncIterator[bytes]:
        import obstore
        from obstore.exceptions import NotFoundError

        try:
            found = await obstore.get_async(self._store, self._object_key(sha256))
        except (NotFoundError, FileNotFoundError) as error:
            raise FileNotFoundError(sha256) from error
        async for piece in found.stream():
            yield bytes(piece)

    async def delete(self, names: Collection[str]) -> None:
        import obstore

        if names:
            await obstore.delete_async(self._store, [self._object_key(name) for name in names])

    async def list(self) -> AsyncIterator[ListedBlob]:
        import obstore

        async for batch in obstore.list(self._store, prefix=self._prefix or None):
            for item in batch:
                name = item["path"].rpartition("/")[2]
                if NAME.fullmatch(name):
                    yield ListedBlob(name, item["size"], item["last_modified"].timestamp())

    def _object_key(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"
