"""The pages of the dashboard by name, each imported when it is first opened."""

from app.screens.page_screen import PageScreen

PAGES = ("chain", "smile", "chart", "auction", "positions", "fields", "alerts")


def page_class(name: str) -> type[PageScreen]:
    """Return the screen of a page, one of `PAGES`.

    It is imported when it is first opened.  Textual's `SCREENS` would keep one screen of each; a
    page that is opened begins at the contract under the cursor.

    Raises:
        LookupError: the name is unknown.
    """
    match name:
        case "chain":
            from app.screens.chain_screen import ChainScreen

            return ChainScreen
        case "smile":
            from app.screens.smile_screen import SmileScreen

            return SmileScreen
        case "chart":
            from app.screens.chart_screen import ChartScreen

            return ChartScreen
        case "positions":
            from app.screens.positions_screen import PositionsScreen

            return PositionsScreen
        case "fields":
            from app.screens.fields_screen import FieldsScreen

            return FieldsScreen
        case "alerts":
            from app.screens.alerts_screen import AlertsScreen

            return AlertsScreen
        case "auction":
            from app.screens.auction_screen import AuctionScreen

            return AuctionScreen
    raise LookupError(name)
