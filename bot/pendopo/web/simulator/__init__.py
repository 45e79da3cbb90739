"""The simulator: phones in the browser, for trying a bot without a messenger."""
