"""The fixtures of /laporan."""

from tests.plugins.laporan.conftest import story, tale

__all__ = ["story", "tale"]
