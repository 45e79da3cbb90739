"""Submitting, handling and correcting reports."""
