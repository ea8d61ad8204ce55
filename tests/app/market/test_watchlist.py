"""The list of watched codes and its undo."""

from hypothesis import given
from hypothesis import strategies as st

from app.market.watchlist import Watchlist


def test_codes_are_added_once_and_at_the_end() -> None:
    watched = Watchlist(["A", "B"])
    assert watched.add(["B", "C", "C"]) == ["C"]
    assert watched.codes == ("A", "B", "C")


def test_a_removed_code_comes_back_to_its_place() -> None:
    watched = Watchlist(["A", "B", "C"])
    assert watched.remove("B")
    assert list(watched.codes) == ["A", "C"]
    assert watched.undo()
    assert list(watched.codes) == ["A", "B", "C"]
    assert not watched.undo()


def test_a_row_moves_until_the_end() -> None:
    watched = Watchlist(["A", "B"])
    assert watched.shift("A", 1)
    assert not watched.shift("A", 1)
    assert watched.codes == ("B", "A")


@given(
    st.lists(st.tuples(st.sampled_from(["add", "remove", "up", "down"]), st.sampled_from("ABCD")))
)
def test_undo_leads_back_through_every_change(moves: list[tuple[str, str]]) -> None:
    watched = Watchlist(["A", "B"])
    past = []
    for move, code in moves[: Watchlist.LONGEST_UNDO]:
        before = watched.codes
        match move:
            case "add":
                watched.add([code])
            case "remove":
                watched.remove(code)
            case "up":
                watched.shift(code, -1)
            case "down":
                watched.shift(code, 1)
        if watched.codes != before:
            past.append(before)
    while past:
        assert watched.undo()
        assert watched.codes == past.pop()


def test_lists_keep_their_own_codes_and_the_open_one_comes_first() -> None:
    watched = Watchlist(["A", "B"])
    assert watched.create("options")
    assert watched.add(["B", "C"]) == ["B", "C"]
    assert (watched.name, watched.codes) == ("options", ("B", "C"))
    assert watched.all_codes == ("B", "C", "A")
    assert watched.step(-1)
    assert not watched.step(-1)
    assert watched.all_codes == ("A", "B", "C")
    assert not watched.create("options")


def test_a_moved_code_stands_once_in_the_other_list_and_undo_brings_it_back() -> None:
    watched = Watchlist(["A", "B"])
    assert watched.move("A", "new")
    assert dict(watched.lists) == {"": ("B",), "new": ("A",)}
    watched.open("new")
    watched.add(["B"])
    watched.open("")
    assert watched.move("B", "new")
    assert dict(watched.lists) == {"": (), "new": ("A", "B")}
    assert not watched.move("B", "new")
    assert watched.undo()
    assert dict(watched.lists) == {"": ("B",), "new": ("A", "B")}


def test_undo_opens_the_list_in_which_the_change_was() -> None:
    watched = Watchlist(["A"])
    watched.create("two")
    watched.add(["C"])
    watched.open("")
    assert watched.undo()
    assert (watched.name, watched.codes) == ("two", ())
    assert watched.undo()
    assert watched.names == ("",)


def test_the_only_list_is_not_deleted_and_a_deleted_one_comes_back_to_its_place() -> None:
    watched = Watchlist(["A"])
    assert not watched.delete("")
    watched.create("two")
    watched.create("three")
    watched.open("two")
    assert watched.delete("two")
    assert (watched.name, watched.names) == ("three", ("", "three"))
    assert watched.undo()
    assert (watched.name, watched.names) == ("two", ("", "two", "three"))


def test_a_renamed_list_keeps_its_place_and_sort_order() -> None:
    watched = Watchlist(["A"])
    watched.create("two")
    watched.sorts["two"] = "-price"
    assert not watched.rename("two", "")
    assert watched.rename("two", "options")
    assert (watched.names, watched.name) == (("", "options"), "options")
    assert watched.sorts["options"] == "-price"
    assert watched.reorder("options", -1)
    assert not watched.reorder("options", -1)
    assert watched.names == ("options", "")


def test_a_row_moves_over_rows_between() -> None:
    watched = Watchlist(["A", "B", "C", "D"])
    assert watched.shift("A", 1, over="C")
    assert watched.codes == ("B", "C", "A", "D")
    assert watched.shift("D", -1, over="C")
    assert watched.codes == ("B", "D", "C", "A")
