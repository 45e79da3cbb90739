"""The plugin's value, what an installation decides about it, and what it keeps of people."""

from pendopo import BusinessHoursOptions, Plugin

from pendopo_disposisi.models import Disposisi, Surat, Table


class DisposisiOptions(BusinessHoursOptions):
    """Office hours, and after how many of them somebody who has not confirmed the receipt is reminded."""

    pengingat_jam: int = 4


plugin = Plugin("disposisi", summary="Disposisi", policy="known", tables=Table, options=DisposisiOptions)
plugin.declare_personal_data(Disposisi, subject="dari", text_fields=["isi"])
plugin.declare_personal_data(Disposisi, subject="kepada", text_fields=["jawaban"], file_fields=["lampiran"])
plugin.declare_personal_data(Surat, subject="dari", text_fields=["perihal"], file_fields=["berkas"])
