"""/izin: ask permission to be away; the superior answers with one tap."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_izin import policies
from pendopo_izin import lists, requests, changes, bulk_decisions, decisions, documents, pages, jobs

# isort: on
from pendopo_izin.plugin import plugin

__all__ = ["plugin"]
