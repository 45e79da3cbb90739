"""Everything the page loads is ours, unchanged, and may be kept for ever."""

import re
from pathlib import Path

import httpx
import pytest
from pendopo.web.http import templates

WEB = Path(templates.__file__).parent.parent
OWN = [path for path in (*WEB.glob("static/*"), *WEB.glob("templates/*")) if path.is_file()]
NAMESPACE = "http://www.w3.org/2000/svg"
SHEETS = sorted(WEB.glob("static/*.css"))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
NEWER = ("dvh", "color-mix(")


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_file_of_ours_names_another_host(path: Path) -> None:
    text = path.read_text().replace(NAMESPACE, "")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text) == []


def test_no_template_has_inline_script_or_style() -> None:
    for path in WEB.glob("templates/*.html"):
        text = path.read_text()
        assert re.findall(r"<script(?![^>]*\ssrc=)|\son\w+=|hx-on|<style|\sstyle=", text) == [], path.name


def test_htmx_and_its_extension_are_loaded_without_defer() -> None:
    page = (WEB / "templates" / "simulator.html").read_text()
    scripts = re.findall(r"<script[^>]*vendor[^>]*>", page)
    assert len(scripts) == 2
    assert not any("defer" in script or "async" in script for script in scripts)


async def test_an_asset_is_immutable_under_its_hash_and_nowhere_else(client: httpx.AsyncClient) -> None:
    url = templates.Assets().get_url("app.css")
    answer = await client.get(url)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    assert (await client.get("/static/00000000/app.css")).status_code == 404
    assert (await client.get(url.replace("app.css", "..%2fapp.py"))).status_code == 404


def rules(sheet: Path) -> list[tuple[str, str]]:
    return RULE.findall(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_newer_value_has_an_older_one_before_it(sheet: Path) -> None:
    for selector, body in rules(sheet):
        known: set[str] = set()
        for line in filter(None, (each.strip() for each in body.split(";"))):
            name, _, value = line.partition(":")
            if any(word in value for word in NEWER):
                assert name in known, (selector.strip(), line)
            else:
                known.add(name)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_newer_selector_stands_alone(sheet: Path) -> None:
    """A browser drops the whole rule for one selector of its list that it does not know."""
    assert [selector for selector, _ in rules(sheet) if ":has(" in selector and re.search(r",(?![^(]*\))", selector)] == []
