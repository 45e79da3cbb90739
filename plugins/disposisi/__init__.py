"""/disposisi: hand any item down the line with an instruction; receipts and answers come back up."""

from . import answering, giving, halaman, lists, timing
from .plugin import plugin

__all__ = ["answering", "giving", "halaman", "lists", "plugin", "timing"]
