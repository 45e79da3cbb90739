"""Cards and lines of a reminder."""

from pendopo import Context, Phrase, phrase

from pendopo_ingatkan.models import Pengingat


def format_card(ctx: Context, pengingat: Pengingat, clock: bool = False) -> list[Phrase]:
    """The full card; `clock` adds that the time of day was assumed."""
    lines = [
        phrase("ingatkan.kepala", nomor=pengingat.id, untuk=format_recipient(ctx, pengingat)),
        phrase("ingatkan.isi", isi=pengingat.isi),
    ]
    if pengingat.recurring:
        off = phrase(f"ingatkan.libur.{pengingat.libur}")
        lines.append(phrase("ingatkan.waktu_berulang", waktu=pengingat.when, libur=off))
        lines.append(phrase("ingatkan.berikutnya", waktu=pengingat.berikut))
    else:
        lines.append(phrase("ingatkan.waktu", waktu=pengingat.berikut))
    if pengingat.acara:
        lines.append(phrase("ingatkan.bersama", jarak=pengingat.distance))
    return [*lines, phrase("ingatkan.jam_diandaikan")] if clock else lines


def format_recipient(ctx: Context, pengingat: Pengingat) -> Phrase:
    """The recipient, from the view of the person who reads it."""
    if not pengingat.untuk:
        return phrase("ingatkan.untuk_grup")
    if pengingat.untuk == ctx.person.id:
        return phrase("ingatkan.untuk_anda")
    return phrase("ingatkan.untuk_orang", siapa=ctx.people.find_person(pengingat.untuk) or "?")


def format_line(pengingat: Pengingat, details: list[Phrase]) -> Phrase:
    """One line of a message with several reminders."""
    return phrase("ingatkan.bunyi_baris", nomor=pengingat.id, isi=[phrase("ingatkan.isi", isi=pengingat.isi[:120]), *details])
