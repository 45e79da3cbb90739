"""Builds a bot from its settings: databases, directory files, composition, serving."""
