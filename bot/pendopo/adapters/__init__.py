"""Adapters, one folder for each messenger. An adapter knows its messenger and the contract, and nothing else of Pendopo."""
