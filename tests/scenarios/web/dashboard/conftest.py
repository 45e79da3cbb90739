"""The fixtures of the dashboard."""

from tests.web.dashboard.conftest import open_browser, sign_in, story

__all__ = ["open_browser", "sign_in", "story"]
