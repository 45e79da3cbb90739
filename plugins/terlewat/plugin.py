"""The plugin's value."""

from bot import Plugin

from .models import Pilihan, Table

plugin = Plugin("terlewat", summary="Ringkasan", policy="known", tables=Table)
plugin.declare_personal_data(Pilihan, subject="orang")

__all__ = ["plugin"]
