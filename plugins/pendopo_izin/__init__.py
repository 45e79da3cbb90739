"""/izin: ask permission to be away; the superior answers with one tap."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_izin import policies
from pendopo_izin import requests, changes, decisions, bulk_decisions, pages, lists, documents, jobs

# isort: on
from pendopo_izin.plugin import plugin

__all__ = ["plugin"]
