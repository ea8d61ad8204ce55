"""Figures are never cut: what does not fit is written in a larger unit."""

from datetime import date

import pytest
from harness.drawn_figures import assert_whole, read_figures
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.figures import fit_figure
from widgets.texts import use

FIGURES = st.floats(0, 1e12).map(lambda value: round(value, 4)) | st.integers(0, 10**12).map(float)


@pytest.mark.parametrize(
    ("figure", "width", "korean", "english"),
    [
        ("1,204", 8, "1,204", "1,204"),
        ("12,345,678", 10, "12,345,678", "12,345,678"),
        ("12,345,678", 8, "1,235만", "12.3M"),
        ("1,234,000", 8, "123.4만", "1.234M"),
        ("≠1,234,567", 8, "≠123만", "≠1.23M"),
        ("▲ 1,234,000", 8, "▲123.4만", "▲1.234M"),
        ("-2,220,123~", 7, "-222만~", "-2.22M~"),
        ("1,900.00", 6, "1,900", "1,900"),
        ("1,000,000,000,000", 5, "1조", "1T"),
        ("24.80×24.95", 17, "24.80×24.95   ", "24.80×24.95   "),
        ("1,234,000×1,235,000", 17, "123.4만×123.5만", "1.234M×1.235M"),
        ("1,234,000×1,235,000", 19, "1,234,000×1,235,000", "1,234,000×1,235,000"),
        ("1,234,000×—", 17, "1,234,000×—", "1,234,000×—"),
        ("12,345,678", 2, "…", "…"),
        ("23:45:12", 5, "…", "…"),
    ],
)
def test_figure_changes_its_unit_when_it_does_not_fit(
    figure: str, width: int, korean: str, english: str
) -> None:
    for language, text in (("ko", korean), ("en", english)):
        use(language)
        drawn = fit_figure(figure, width)
        assert drawn.lstrip() == text
        assert cell_len(drawn) == width


def test_pair_keeps_its_sign_in_the_middle_when_its_column_grows() -> None:
    assert [fit_figure("1.05×1.10", width).index("×") for width in (17, 19, 21)] == [8, 9, 10]


@settings(deadline=None)
@given(FIGURES, st.integers(0, 2), st.integers(0, 24), st.sampled_from(["ko", "en"]))
def test_figure_never_loses_a_digit_unsaid(
    value: float, decimals: int, width: int, language: str
) -> None:
    use(language)
    for before, after in (("", ""), ("-", "~"), ("▲ ", ""), ("≠", ""), ("", "%")):
        full = f"{before}{value:,.{decimals}f}{after}"
        drawn = fit_figure(full, width)
        assert cell_len(drawn) == width
        assert_whole(drawn, full)


def test_a_day_that_is_no_figure_is_cut_like_a_text() -> None:
    assert not read_figures(fit_figure(f"{date(2026, 12, 10):%y/%m/%d}", 4))
