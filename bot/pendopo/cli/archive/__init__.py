"""Backups: their format, and how one is restored."""
