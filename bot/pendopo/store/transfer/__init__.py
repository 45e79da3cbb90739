"""Whole databases: inventory, dump, copy, and the lock for it."""
