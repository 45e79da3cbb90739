"""The plugin, and the personal data it keeps."""

from pendopo import Plugin

from pendopo_terlewat.models import Pilihan, Table

plugin = Plugin("terlewat", summary="Ringkasan", policy="known", tables=Table)
plugin.declare_personal_data(Pilihan, subject="orang")
