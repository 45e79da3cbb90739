"""The plugin's value."""

from pendopo import Plugin

plugin = Plugin("kelola", summary="Direktori unit", policy="known", required=True)
