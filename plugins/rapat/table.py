"""The base of this plugin's rows."""

from bot import Row, tables


class Table(Row, registry=tables("rapat")):
    """The base of this plugin's rows."""
