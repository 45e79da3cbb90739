"""The fixtures of /disposisi."""

from tests.plugins.disposisi.conftest import story

__all__ = ["story"]
