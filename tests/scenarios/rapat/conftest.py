"""The fixtures of /rapat."""

from tests.plugins.rapat.conftest import story

__all__ = ["story"]
