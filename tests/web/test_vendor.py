"""What the browser loads of others is what the lock says."""

import hashlib
import json
import re
import tomllib

from .http.test_templates import WEB

VENDOR = WEB / "static" / "vendor"


def test_vendored_files_are_those_of_the_lock() -> None:
    lock = json.loads((VENDOR / "vendor.lock.json").read_text())
    packages = tomllib.loads((VENDOR / "vendor.toml").read_text())["package"]
    assert set(lock) == {f"{package['name']}@{package['version']}" for package in packages}
    files = {name: digest for package in lock.values() for name, digest in package["files"].items()}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    assert {name: digest for name, digest in found.items() if not name.startswith("vendor.")} == files


def test_vendored_files_fetch_nothing() -> None:
    css = (VENDOR / "pico.min.css").read_text()
    assert re.findall(r"@import|url\((?![\"']?data:)", css) == []
    for name in ("htmx.min.js", "hx-sse.min.js"):
        assert re.findall(r"https?://[a-z0-9]", (VENDOR / name).read_text()) == []
