"""The program's own dark theme: calm at 3 am, one accent, amber for warnings alone."""

from textual.theme import Theme

THEME = Theme(
    name="kis-night",
    primary="#5fb3b3",
    secondary="#7a8b99",
    accent="#4fb6c2",
    warning="#e5b567",
    error="#ff6b68",
    success="#7fb77e",
    foreground="#d4d9de",
    background="#0e1216",
    surface="#12171c",
    panel="#1a2128",
    dark=True,
    variables={
        "up-kr": "#ff6b68",
        "down-kr": "#6ea8ff",
        "up-us": "#6fcf7f",
        "down-us": "#ff6b68",
        "up-cb": "#f0a35e",
        "down-cb": "#6ea8ff",
        "text-older": "#96a0aa",
        "text-old": "#6f7a85",
        "text-label": "#7d8894",
        "cursor": "#22303a",
        "mark": "#182027",
        "flash": "#3a4a2e",
        "rule": "#2f3b45",
    },
)
