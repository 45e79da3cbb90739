"""Static files under addresses that change with their content, so that browsers may cache them for ever."""

import hashlib
import mimetypes
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pendopo.web.http.access import ANYONE, GuardedRoute

FOLDER = Path(__file__).parent.parent / "static"
SERVED = {".css", ".js", ".svg"}
"""Suffixes of the files that are served; others in the folder are not."""


class Assets:
    """The files of a folder, read once and held in memory (a few hundred kilobytes)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        paths = [path for path in folder.rglob("*") if path.suffix in SERVED]
        self._files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        self._hashes = {name: hashlib.sha256(data).hexdigest()[:8] for name, data in self._files.items()}

    def get_url(self, name: str) -> str:
        """The address of a file. Raises `KeyError` for an unknown file, so that a template's mistake shows at once."""
        return f"/static/{self._hashes[name]}/{name}"

    def routes(self) -> list[GuardedRoute]:
        return [GuardedRoute("/static/{hash}/{name:path}", self.serve_asset, policy=ANYONE)]

    async def serve_asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if self._hashes.get(name) != request.path_params["hash"]:
            raise HTTPException(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(self._files[name], media_type=kind, headers=headers)
