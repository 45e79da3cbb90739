"""Putting a bot together from its settings: databases, directory files, the composition, serving."""
