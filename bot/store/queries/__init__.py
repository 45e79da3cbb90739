"""The statements of the core, one module a table."""
