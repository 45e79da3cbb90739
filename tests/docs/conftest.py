"""The documentation: its pages, their blocks, and the site that is built of them."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as a site, built once for all processes that test.

    It is built strict: a link, an anchor or a name that is not there is an error.
    """
    home = tmp_path_factory.getbasetemp()
    shared = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home
    folder = shared / "site"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            built = shared / "site.part"
            build(built)
            built.rename(folder)
    return folder


def build(folder: Path) -> None:
    """Build the site as an operator of its server would: not quietly, since that hides the warnings from strict too."""
    words = ["-m", "mkdocs", "build", "--strict", "-f", "config/mkdocs.yml", "-d", str(folder)]
    environ = dict(os.environ, NO_MKDOCS_2_WARNING="1")
    ran = subprocess.run([sys.executable, *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
