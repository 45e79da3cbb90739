"""Papers: PDF, Excel and calendar files from plain values. Each library is imported only when a paper is made."""

from pendopo.paper.ics import Appointment, make_ics
from pendopo.paper.pdf import Paper
from pendopo.paper.sheet import Sheet, name_zones

__all__ = ["Appointment", "Paper", "Sheet", "make_ics", "name_zones"]
