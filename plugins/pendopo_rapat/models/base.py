"""The base of this plugin's rows."""

from pendopo import Row, tables


class Table(Row, registry=tables("rapat")):
    """The base of this plugin's rows."""
