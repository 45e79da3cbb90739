"""Several izin decided at once: "/setuju 4, 5, 6" is read back once, and then decides each."""

import re
from typing import Annotated

from pendopo import Button, Context, Person, Phrase, Prompt, RestOfText, Typed, UserError, parse_row_number, phrase
from pendopo.pages import cut_words
from sqlmodel import select

from pendopo_izin import decisions
from pendopo_izin.models import OPEN, Izin, Status
from pendopo_izin.plugin import plugin
from pendopo_izin.policies import find_my_decision

MOST = 20
"""Most izin decided at once."""
_NUMBER = r"(?:(?:no|nomor|nomer)\b\.?\s*)?#?\d+"
_JOIN = r"(?:\s*[,;&+/]\s*(?:dan|sareng|jeung|and)?\s*|\s+(?:dan|sareng|jeung|and)\s+|\s+)"
_COURTESY = r"(?:\s+(?:ya|pak|bu|bapak|ibu|semua|semuanya|saja|aja)|[\s.!🙏👍])*"
_SEVERAL = re.compile(rf"\s*(?:izin\s+)?{_NUMBER}(?:{_JOIN}{_NUMBER})+{_COURTESY}", re.IGNORECASE)
_LISTED = re.compile(rf"\s*{_NUMBER}\s*(?:[,;&+/]|\b(?:dan|sareng|jeung|and)\b)\s*(?:dan|and)?\s*{_NUMBER}\b", re.IGNORECASE)
_FIRST = re.compile(rf"\s*(?:izin\s+)?({_NUMBER})(?=[\s,.;:!]|$)[\s,.;:]*", re.IGNORECASE)


def read_numbers(text: str) -> list[int]:
    """Returns the numbers that a text is nothing but a list of ("4, 5 dan 6"); none for any other text."""
    if not _SEVERAL.fullmatch(text):
        return []
    found = (parse_row_number(digits) for digits in re.findall(r"\d+", text))
    return list(dict.fromkeys(number for number in found if number is not None))


@plugin.command("setuju", aliases=["acc"], examples=["/setuju 27", "/setuju 4, 5, 6"])
async def setuju(ctx: Context, nomor: Annotated[RestOfText, Prompt("izin.tanya.nomor")]) -> None:
    """Approve an izin that waits for me, with a note if need be, or several at once."""
    numbers = read_numbers(nomor)
    if len(numbers) > 1:
        await _read_back(ctx, numbers)
    elif _LISTED.match(nomor) and not numbers:
        raise UserError("izin.satu_per_satu")
    elif first := _FIRST.match(nomor):
        note = nomor[first.end() :].strip()
        known = {"catatan": note} if note and not numbers else {}
        await ctx.prompt_for(decisions.setujui, izin_id=Typed(first[1]), **known)
    else:
        await ctx.prompt_for(decisions.setujui, izin_id=Typed(nomor))


async def _read_back(ctx: Context, numbers: list[int]) -> None:
    """Shows what would be approved, and what would not and why; decides nothing."""
    if len(numbers) > MOST:
        raise UserError("izin.terlalu_banyak", paling=MOST)
    lines: list[Phrase] = []
    fit: list[int] = []
    for number in numbers:
        izin = await ctx.first(select(Izin).where(Izin.id == number, Izin.status != Status.DRAFT))
        why = phrase("umum.tidak_ada", nomor=number) if izin is None else await _find_obstacle(ctx, izin)
        if izin is None or why is not None:
            lines.append(phrase("izin.tidak_ikut", nomor=number, sebab=why))
        else:
            fit.append(number)
            who = ctx.people.get_name(izin.pemohon)
            lines.append(
                phrase("izin.akan_disetujui", nomor=number, siapa=who, keperluan=cut_words(izin.keperluan, 80), waktu=izin.time)
            )
    if not fit:
        await ctx.reply(*lines)
        return
    label = phrase("izin.tombol.setujui_beberapa", jumlah=len(fit))
    yes = Button(label, setujui_beberapa, _encode_numbers(fit), allowed=ctx.person)
    no = Button("izin.tombol.belum", belum, allowed=ctx.person)
    await ctx.reply(phrase("izin.setujui_ini"), *lines, buttons=[yes, no])


async def _find_obstacle(ctx: Context, izin: Izin) -> Phrase | None:
    putusan, answer = await find_my_decision(ctx, izin)
    if putusan is None or izin.status not in OPEN:
        return answer.reason or phrase("izin.tidak_menunggu", nomor=izin.id)
    return None


def make_button(who: Person, numbers: list[int]) -> Button:
    """The button that reads several izin back, to be approved at once."""
    return Button("izin.tombol.baca_semua", baca_semua, _encode_numbers(numbers[:MOST]), allowed=who, reusable=True)


def _encode_numbers(numbers: list[int]) -> str:
    return " ".join(map(str, numbers))


@plugin.action()
async def baca_semua(ctx: Context, nomor: str) -> None:
    """Read several izin back before they are approved."""
    await _read_back(ctx, [int(each) for each in nomor.split()])


@plugin.action()
async def setujui_beberapa(ctx: Context, nomor: str) -> None:
    """Approve several izin that were read back; what was decided meanwhile is said."""
    lines: list[Phrase] = []
    done: list[str] = []
    for number in map(int, nomor.split()):
        izin = await ctx.get(Izin, number)
        why = await _find_obstacle(ctx, izin)
        if why is not None:
            lines.append(phrase("izin.tidak_ikut", nomor=number, sebab=why))
            continue
        ctx.acting_as = (await find_my_decision(ctx, izin))[1].capacity
        await decisions.setujui(ctx, number)
        done.append(f"#{number}")
    said = phrase("izin.beberapa_disetujui", daftar=", ".join(done)) if done else phrase("izin.tak_ada_disetujui")
    await ctx.update(said, *lines)


@plugin.action()
async def belum(ctx: Context) -> None:
    """Leave undecided what was read back."""
    await ctx.update("izin.belum_diputus")
