"""Templates and error pages."""

import hashlib
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

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


SENTENCES = {
    HTTPStatus.FORBIDDEN: "Permintaan ini tidak diizinkan.",
    HTTPStatus.NOT_FOUND: "Halaman ini tidak ada.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Permintaan ini tidak dikenal.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Kiriman terlalu besar.",
}
SORRY = "Maaf, ada yang salah di pihak kami. Coba lagi sebentar lagi."
"""The sentence of all other errors, in Indonesian since the reader's language is unknown."""


class Templates:
    """Renders templates; undefined names are errors, and all values are escaped."""

    def __init__(self, assets: Assets) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["asset"] = assets.get_url

    def render_template(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        return HTMLResponse(self.environment.get_template(template).render(values), status_code=status)

    async def show_error(self, request: Request, error: Exception) -> Response:
        """Show an error in one sentence, without internals; as plain text where HTML is not accepted."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        sentence = SENTENCES.get(HTTPStatus(status), SORRY)
        headers = error.headers if isinstance(error, HTTPException) else None
        if "text/html" not in request.headers.get("accept", "") or request.url.path.startswith("/hooks/"):
            return PlainTextResponse(sentence, status_code=status, headers=headers)
        page = self.render_template("error.html", status, number=status, sentence=sentence)
        page.headers.update(headers or {})
        return page
