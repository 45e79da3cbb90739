"""Proposals, votes and decisions."""
