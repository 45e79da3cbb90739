"""The fixtures of /kelola."""

from tests.plugins.kelola.conftest import story

__all__ = ["story"]
