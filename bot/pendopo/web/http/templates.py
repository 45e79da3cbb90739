"""Templates and error pages."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from pendopo.web.http.assets import Assets

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
