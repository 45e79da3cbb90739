"""People, posts and units are named in words."""

from pendopo import Context, Message, Person
from pendopo.model import Chat, Mention, Post, Unit
from pendopo.plugin.arguments.signature import ParseContext, dump_arguments, load_arguments, read_signature

from .handlers import NOW, PEOPLE, RINA, ZONE, bind_line, who


def test_a_name_nearly_right_offers_who_may_be_meant() -> None:
    assert ("Kadis PU", RINA) in bind_line(who, "Rima Hidayat").trouble["n"].options


def test_a_post_and_a_unit_are_named_in_words() -> None:
    async def handler(ctx: Context, jabatan: Post, siapa: Person, unit: Unit) -> None: ...

    bound = bind_line(handler, "Kadis Lama Kadis PU Dinas PU")
    assert bound.values == {"jabatan": PEOPLE.posts["lama"], "siapa": RINA, "unit": PEOPLE.units["pu"]}
    assert ("Kadis Lama", PEOPLE.posts["lama"]) in bind_line(handler, "Kadis Lame").trouble["jabatan"].options
    params = read_signature(handler)
    assert load_arguments(params, dump_arguments(params, bound.values), PEOPLE) == bound.values


def test_a_post_somebody_left_no_longer_names_them() -> None:
    assert "n" not in bind_line(who, "Kadis Lama").values


def test_a_mention_is_who_the_messenger_says_it_is() -> None:
    message = Message(key="1", chat=Chat("telegram", "1"), at=NOW, text="@rin", mentions=(Mention("@rin", "telegram:1"),))
    assert bind_line(who, "@rin", ParseContext(NOW, ZONE, PEOPLE, message)).values == {"n": RINA}
