"""/laporan: what happened, where, with photos; the phones are spared and nothing is lost."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_laporan import alarm, daily, documents, jobs, lists, pages
from pendopo_laporan.photos import duplicates, files, gallery

# isort: on
from pendopo_laporan.plugin import plugin
from pendopo_laporan.reports import corrections, loose_photos, progress, submissions

__all__ = ["plugin"]
