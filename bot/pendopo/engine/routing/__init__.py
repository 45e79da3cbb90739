"""Which route a command takes, and who may use it."""
