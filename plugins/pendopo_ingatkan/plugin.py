"""The plugin, and the personal data it keeps."""

from pendopo import Plugin

from pendopo_ingatkan.models import Pengingat, Table

plugin = Plugin("ingatkan", summary="Pengingat", policy="known", tables=Table)
plugin.declare_personal_data(Pengingat, subject="pembuat", text_fields=["isi", "kutipan"])
plugin.declare_personal_data(Pengingat, subject="untuk", text_fields=["isi", "kutipan"])
