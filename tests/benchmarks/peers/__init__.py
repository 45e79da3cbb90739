"""Pendopo beside other frameworks: what one update costs, with one command among many."""
