"""The people of an organisation, their posts and units, and the policies that decide who may do what."""

from pendopo.directory.directory import Directory
from pendopo.directory.names import NameMatch
from pendopo.directory.people import People
from pendopo.directory.person_lists import PersonList, PersonListReader, UnclearName
from pendopo.directory.policy import CITY_OVERSIGHT, Decision, Resource, decide

__all__ = [
    "CITY_OVERSIGHT",
    "Decision",
    "Directory",
    "NameMatch",
    "People",
    "PersonList",
    "PersonListReader",
    "Resource",
    "UnclearName",
    "decide",
]
