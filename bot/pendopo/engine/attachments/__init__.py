"""Incoming files: fetched early, inspected and stored."""
