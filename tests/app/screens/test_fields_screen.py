"""The page of all fields: opened by Enter, left by it, exported whole."""

from harness.dashboard import DashboardHarness, at, run_dashboard

from app.screens.chain_screen import ChainScreen
from app.screens.fields_screen import FieldsScreen
from app.storage.csv_text import cell
from app.system.files import ProgramFolders
from specs.record_fields import record_fields

CODES = ("A01612", "B01612A31", "C01612A31")


def page(stage: DashboardHarness) -> FieldsScreen:
    found = stage.app.page
    assert isinstance(found, FieldsScreen)
    return found


async def test_enter_shows_the_fields_of_the_row_under_the_cursor_and_leaves_them() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(at(18, 1))
        await stage.press("enter")
        row = stage.app.market.book.row("A01612")
        assert row is not None
        assert row.trade is not None
        assert "FUTS_PRPR" in stage.text
        assert f"{row.trade.price:,.2f}" in stage.text
        await stage.press("enter")
        assert stage.app.page is None
        await stage.press("down", "enter")
        assert page(stage).code == "B01612A31"
        await stage.press("escape")
        assert stage.app.page is None


async def test_brackets_go_through_the_watchlist() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("enter")
        for key, code in (("]", CODES[1]), ("]", CODES[2]), ("]", CODES[0]), ("[", CODES[2])):
            await stage.press({"]": "right_square_bracket", "[": "left_square_bracket"}[key])
            assert page(stage).code == code


async def test_new_values_reach_the_page() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.step_to(at(18, 1))
        await stage.press("enter")
        before = stage.text
        await stage.step_to(at(18, 1, 30))
        assert stage.text != before
        row = stage.app.market.book.row("A01612")
        assert row is not None
        assert row.trade is not None
        assert f"{row.trade.accumulated_volume:,.0f}" in stage.text


async def test_a_contract_of_the_chain_is_registered_while_its_fields_are_shown() -> None:
    async with run_dashboard(CODES, start=at(18, 0)) as stage:
        await stage.press("5", "up")
        await stage.pilot.pause()
        chain = stage.app.page
        assert isinstance(chain, ChainScreen)
        code = chain.focus_code
        assert code not in CODES
        await stage.pilot.app.run_action("app.page('fields')")
        assert page(stage).code == code
        stage.app.tick()
        assert stage.app.request.focus == code
        assert stage.app.request.codes == (code, *CODES)


async def test_enter_on_the_chain_still_adds_a_contract() -> None:
    async with run_dashboard(CODES, start=at(18, 0), live=False) as stage:
        await stage.press("5", "up", "enter")
        assert isinstance(stage.app.page, ChainScreen)
        assert len(stage.codes) == len(CODES) + 1


async def test_export_writes_every_field_of_every_watched_contract() -> None:
    async with run_dashboard(CODES, start=at(18, 0), notifications=True) as stage:
        await stage.step_to(at(18, 1))
        await stage.press("enter", "E")
        (path,) = (ProgramFolders.find().data / "exports").glob("fields-*.csv")
        heading, *lines = [
            line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()
        ]
        assert [line[0] for line in lines] == list(CODES)
        told = dict(zip(heading, lines[0], strict=True))
        row = stage.app.market.book.row(CODES[0])
        assert row is not None
        records = list(record_fields(row))
        assert [record.tr_id for record in records] == ["H0MFCNT0", "H0MFASP0"]
        for record in records:
            for field in record.fields:
                assert told[f"{record.tr_id}.{field.element}"] == cell(field.value)
        assert told["H0EUCNT0.OPTN_PRPR"] == ""
