"""/ingatkan: reminders for oneself, for others and for a group, that come even when the bot was away."""

from pendopo_ingatkan import policies
from pendopo_ingatkan.creation import plugin  # it stands on the others, so all routes are declared by now

__all__ = ["plugin"]
