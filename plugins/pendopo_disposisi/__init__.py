"""/disposisi: hand any item down the line with an instruction; receipts and answers come back up."""

# The order of these is the order of the commands in /bantuan.
# isort: off
from pendopo_disposisi import policies
from pendopo_disposisi import answers, assignments, pages, lists, jobs

# isort: on
from pendopo_disposisi.plugin import plugin

__all__ = ["plugin"]
