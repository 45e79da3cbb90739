"""A messenger in the terminal: typed lines are messages, choices are numbers, files are paths."""

from .adapter import Console, Printed

__all__ = ["Console", "Printed"]
