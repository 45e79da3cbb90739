"""Which route an event takes, and who may take it."""
