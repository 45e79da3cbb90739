"""A messenger in the terminal: typed lines are messages, choices are numbers, files are paths."""

from pendopo.adapters.console.adapter import Console, PrintedMessage

__all__ = ["Console", "PrintedMessage"]
