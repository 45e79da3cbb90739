"""The pipeline: a stored delivery runs a handler, its work is committed, and its messages are sent."""
