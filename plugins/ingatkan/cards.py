"""How a reminder is shown."""

from bot import Context, Said, say

from .models import Pengingat


def card(ctx: Context, pengingat: Pengingat, clock: bool = False) -> list[Said]:
    """A reminder in full: whom, what, and when next; `clock` says that its time of day was not said."""
    lines = [
        say("ingatkan.kepala", nomor=pengingat.id, untuk=for_whom(ctx, pengingat)),
        say("ingatkan.isi", isi=pengingat.isi),
    ]
    if pengingat.recurring:
        off = say(f"ingatkan.libur.{pengingat.libur}")
        lines.append(say("ingatkan.waktu_berulang", waktu=pengingat.when, libur=off))
        lines.append(say("ingatkan.berikutnya", waktu=pengingat.berikut))
    else:
        lines.append(say("ingatkan.waktu", waktu=pengingat.berikut))
    if pengingat.acara:
        lines.append(say("ingatkan.bersama", jarak=pengingat.distance))
    return [*lines, say("ingatkan.jam_diandaikan")] if clock else lines


def for_whom(ctx: Context, pengingat: Pengingat) -> Said:
    """The one it is for, as the asking person would say it."""
    if not pengingat.untuk:
        return say("ingatkan.untuk_grup")
    if pengingat.untuk == ctx.person.id:
        return say("ingatkan.untuk_anda")
    return say("ingatkan.untuk_orang", siapa=ctx.people.person(pengingat.untuk) or "?")


def row(pengingat: Pengingat, details: list[Said]) -> Said:
    """One line of several."""
    return say("ingatkan.bunyi_baris", nomor=pengingat.id, isi=[say("ingatkan.isi", isi=pengingat.isi[:120]), *details])
