"""Minutes: written, approved."""
