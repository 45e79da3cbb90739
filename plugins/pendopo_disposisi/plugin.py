"""The plugin, its options, and the personal data it keeps."""

from pendopo import BusinessHoursOptions, Plugin

from pendopo_disposisi.models import Disposisi, Surat, Table


class DisposisiOptions(BusinessHoursOptions):
    """`[plugin.disposisi]`: office hours and the reminder of a receipt."""

    pengingat_jam: int = 4
    """Office hours after which an unconfirmed receipt is asked for again."""


plugin = Plugin("disposisi", summary="Disposisi", policy="known", tables=Table, options=DisposisiOptions)
plugin.declare_personal_data(Disposisi, subject="dari", text_fields=["isi"])
plugin.declare_personal_data(Disposisi, subject="kepada", text_fields=["jawaban"], file_fields=["lampiran"])
plugin.declare_personal_data(Surat, subject="dari", text_fields=["perihal"], file_fields=["berkas"])
