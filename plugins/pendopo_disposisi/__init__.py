"""/disposisi: hand any item down the line with an instruction; receipts and answers come back up."""

# isort: off: the order of these is the order of the commands in /bantuan
from pendopo_disposisi import answers, assignments, jobs, lists, pages

# isort: on
from pendopo_disposisi.plugin import plugin

__all__ = ["plugin"]
