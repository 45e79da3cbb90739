"""/izin: ask to be away; who is above you answers with one tap."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_izin import changes, decisions, documents, jobs, lists, pages, requests

# isort: on
from pendopo_izin.plugin import plugin

__all__ = ["plugin"]
