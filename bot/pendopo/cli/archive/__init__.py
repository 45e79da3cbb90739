"""Backups: the format of an archive, and how one is restored."""
