"""What a context can do beside talking: files, calendars, the directory, the dashboard, other plugins, and operations."""
