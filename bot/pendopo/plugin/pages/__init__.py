"""The parts of a dashboard page."""
