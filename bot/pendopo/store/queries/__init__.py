"""Every SQL statement of the core, one module a table."""
