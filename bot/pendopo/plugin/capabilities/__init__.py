"""Capabilities of a context besides talking: files, calendars, directory, dashboard, other plugins, operations."""
