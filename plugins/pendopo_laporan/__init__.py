"""/laporan: reports of what happened and where, with photos; groups get small collages, and no photo is lost."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_laporan import policies
from pendopo_laporan import alarm
from pendopo_laporan.photos import duplicates
from pendopo_laporan.reports import loose_photos, corrections
from pendopo_laporan import daily
from pendopo_laporan.photos import gallery
from pendopo_laporan import pages
from pendopo_laporan.reports import progress
from pendopo_laporan import lists, documents
from pendopo_laporan.photos import files
from pendopo_laporan.reports import submissions
from pendopo_laporan import jobs

# isort: on
from pendopo_laporan.plugin import plugin

__all__ = ["plugin"]
