"""The small form of the chart, under the watchlist."""

from textual.message import Message

from widgets.chart import Chart


class SmallChart(Chart):
    """A chart that is clicked to be seen large."""

    class Chosen(Message):
        """The chart was clicked."""

    class Shown(Message):
        """The chart has come into sight."""

    def __init__(self) -> None:
        super().__init__(id="small_chart")

    def on_show(self) -> None:
        """Tell that a picture is wanted at once."""
        self.post_message(self.Shown())

    def on_click(self) -> None:
        """Tell that the large form is wanted."""
        self.post_message(self.Chosen())
