"""An environment of its own for each framework: they want other versions of the same libraries, and of each other."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from .peers import Peer

INSTALLING = 600
"""Seconds an installation may take."""


class Skipped(Exception):
    """Why a framework cannot be measured here."""


def cache() -> Path:
    """Where the environments stand, so that they are installed once."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pendopo" / "peers"


def python_for(peer: Peer, folder: Path) -> Path:
    """The interpreter that has a framework, installed first if need be. Raises `Skipped` with the reason."""
    if not peer.requirements:
        return Path(sys.executable)
    home = folder / peer.folder
    if not (home / "installed").exists():
        _install(peer, home)
    return home / "bin" / "python"


def _install(peer: Peer, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)  # half of an earlier try
    venv.create(home, with_pip=False)
    command = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "-q", *peer.requirements]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALLING, check=False)
    except subprocess.TimeoutExpired as late:
        raise Skipped(f"not installed within {INSTALLING} s") from late
    if done.returncode:
        raise Skipped(_reason(done.stderr))
    (home / "installed").touch()


def _reason(told: str) -> str:
    """The line of an installer's many that says why."""
    lines = [line for line in told.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["it could not be installed"])[-1]
