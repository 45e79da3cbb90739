"""Metrics, traces and the codes that people are told."""
