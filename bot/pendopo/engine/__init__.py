"""The pipeline: from a stored delivery to a handler's committed work to a message sent."""
