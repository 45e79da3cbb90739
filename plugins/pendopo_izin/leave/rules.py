"""What the rules say of an izin: why it cannot be sent, and what those who ask and decide should know."""

from collections.abc import Iterator
from datetime import timedelta

from pendopo import Context, Day, Phrase, UserError, phrase

from pendopo_izin.leave.balance import count_days, find_rights, list_half_days
from pendopo_izin.leave.entitlements import add_months, count_months
from pendopo_izin.models import Izin
from pendopo_izin.settings import LengthUnit, get_kind

NAMES = {"pns": "PNS", "cpns": "CPNS", "pppk": "PPPK", "lainnya": "non-ASN"}
"""What a status is called, in every language."""


def check_izin(ctx: Context, izin: Izin) -> None:
    """Raises `UserError` with the first reason why an izin cannot be sent."""
    for fault in list_faults(ctx, izin):
        raise UserError(fault.key, **fault.args)


def list_faults(ctx: Context, izin: Izin) -> Iterator[Phrase]:
    """Why an izin cannot be sent, and what to do instead."""
    kind = get_kind(ctx, izin)
    status, rights = find_rights(ctx, izin.pemohon)
    if kind.lewat_bkpsdm:
        yield phrase("izin.lewat_bkpsdm", jenis=izin.jenis)
    if izin.jenis in rights.bukan:
        yield phrase("izin.bukan_hak", jenis=izin.jenis, status=NAMES.get(status, status))
    first, last = izin.get_days(ctx.zone)
    if kind.paling_lama_bulan and last >= add_months(first, kind.paling_lama_bulan):
        until = add_months(first, kind.paling_lama_bulan) - timedelta(days=1)
        yield phrase("izin.terlalu_lama", jenis=izin.jenis, bulan=kind.paling_lama_bulan, sampai=Day(until))
    if kind.jam and (first != last or izin.is_whole_days):
        yield phrase("izin.perlu_jam", jenis=izin.jenis)


def list_cautions(ctx: Context, izin: Izin) -> Iterator[Phrase]:
    """What speaks against an izin without forbidding it, its length, and its papers; the calendar must be loaded."""
    kind = get_kind(ctx, izin)
    entered = ctx.people.get_employment(ctx.people.get_person(izin.pemohon)).entered
    _, rights = find_rights(ctx, izin.pemohon)
    needed = rights.masa_kerja_bulan if kind.jatah else kind.masa_kerja_bulan
    if entered and needed and (served := count_months(entered, izin.get_days(ctx.zone)[0])) < needed:
        yield phrase("izin.masa_kerja", jenis=izin.jenis, perlu=format_service(needed), ada=format_service(max(0, served)))
    if kind.satuan == LengthUnit.WORKING and not list_half_days(ctx, izin):
        yield phrase("izin.tanpa_hari_kerja")
    elif kind.satuan:
        yield phrase(f"izin.lama_{kind.satuan}", lama=count_days(ctx, izin))
    if kind.syarat and izin.lampiran == "[]":
        yield phrase("izin.belum_ada_syarat", syarat=kind.syarat, nomor=izin.id)


def format_service(months: int) -> Phrase:
    """A length of service in years and months."""
    years, left = divmod(months, 12)
    return phrase("izin.masa", tahun=years, bulan=left)
