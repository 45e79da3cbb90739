"""Copies the browser files named in vendor.toml out of their npm packages: `python -m pendopo.web.vendor`.

The files are committed, so installing needs no npm. The lock holds the integrity of each package and the SHA-256 of
each file; a package whose integrity differs from the lock is refused, unless its version was changed in vendor.toml.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "static" / "vendor"


def main() -> int:
    """Fetch all packages and write the lock. Returns 1 when a package differs from the locked one."""
    lock_path = FOLDER / "vendor.lock.json"
    lock: dict[str, Any] = json.loads(lock_path.read_text()) if lock_path.exists() else {}
    fresh: dict[str, Any] = {}
    for package in tomllib.loads((FOLDER / "vendor.toml").read_text())["package"]:
        spec = f"{package['name']}@{package['version']}"
        fresh[spec] = _fetch_package(spec, package["files"])
        if spec in lock and lock[spec]["integrity"] != fresh[spec]["integrity"]:
            print(f"{spec} is not the package that was locked", file=sys.stderr)
            return 1
    lock_path.write_text(json.dumps(fresh, indent=2) + "\n")
    return 0


def _fetch_package(spec: str, files: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        # npm is what people have on their path; the package and its version come from our own file
        command = ["npm", "pack", spec, "--json", "--pack-destination", folder]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        archive = next(Path(folder).glob("*.tgz"))
        integrity = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        hashes = {target: _extract_file(archive, source, FOLDER / target) for source, target in files.items()}
    return {"integrity": f"sha512-{integrity}", "files": hashes}


def _extract_file(archive: Path, source: str, target: Path) -> str:
    with tarfile.open(archive) as tar:
        file = tar.extractfile(f"package/{source}")
        if file is None:
            raise FileNotFoundError(source)
        data = file.read()
    target.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
