"""Papers: PDF, Excel and calendar files made of plain values. Each library is imported when a paper is made."""

from .ics import Appointment, make_ics
from .pdf import Paper
from .sheet import Sheet

__all__ = ["Appointment", "Paper", "Sheet", "make_ics"]
