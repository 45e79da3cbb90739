"""From a committed message to the messenger: outbox, rendering, retries, limits, reports."""
