"""The simulator: phones in the browser, to try a bot without a messenger."""
