"""The fixtures of /izin."""

from tests.plugins.izin.conftest import story

__all__ = ["story"]
