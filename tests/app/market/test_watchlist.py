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
