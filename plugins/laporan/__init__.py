"""/laporan: what happened, where, with photos; the phones are spared and nothing is lost."""

from . import alarm, alike, arriving, changing, daily, gallery, halaman, handling, lists, papers, photos, receiving, timing
from .plugin import plugin

__all__ = [
    "alarm",
    "alike",
    "arriving",
    "changing",
    "daily",
    "gallery",
    "halaman",
    "handling",
    "lists",
    "papers",
    "photos",
    "plugin",
    "receiving",
    "timing",
]
