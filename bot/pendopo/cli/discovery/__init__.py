"""Finds plugins and adapters: shipped, from other distributions, and in folders."""
