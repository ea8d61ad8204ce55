"""The example of the settings file, as ``kis-tui config init`` writes it."""

EXAMPLE = """\
# kis-tui settings; every line shows a default.

# Language of every text: "ko" or "en".
# language = "ko"

# Colours of up and down: "kr" red/blue, "us" green/red, "cb" orange/blue, "mono" none.
# updown = "kr"

# Colours of the screen: "dark", "light", "contrast", "terminal" (its own 16 colours), or "NAME"
# for themes/NAME.toml beside this file; `kis-tui config theme dark` prints one to begin with.
# theme = "dark"

# Signs such as ▲ and × are two cells wide in some terminals: "auto" asks the terminal, "unicode"
# draws them, "ascii" draws ^ and x in their place.
# signs = "auto"

# Milliseconds between two paints of new data, 50 to 1000.
# beat_ms = 100

# Registrations that a session holds, 1 to 41.
# registration_limit = 41

# KIS' customer type: "P" for a person's account, "B" for a company's (법인).
# custtype = "P"

# Ask KIS over REST for the last known values of rows that have not traded.  Off, because KIS
# sends a KakaoTalk message for the token that REST needs, once a day.
# first_picture = false

# A second kis-tui with the same app key gets its data from the first ("on"), or ends with exit code
# 5 ("off"): KIS allows one session per app key.
# hub = "on"

# Whose greeks and volatility are shown: "kis", what KIS says with a trade; "own", kis-tui's own
# theory, marked ~; "auto", kis-tui's own, and KIS' for an option that has none in this session.
# greeks = "auto"

# The rate that kis-tui's own theory discounts with, in percent a year, -1 to 20: the yield of
# certificates of deposit of 91 days (CD 91일물), which KOFIA publishes daily at kofiabond.or.kr.
# rate = 2.7

# Recordings in the data directory that are older, or too much together, make room for new ones;
# in days and in GB (0.5 is half of one), 0 for no limit.
# [tape]
# keep_days = 30
# keep_gb = 10

# Time & sales writes a trade in bold that is larger than so many percent of the last 2,000 trades
# of its contract, 50 to 99.9.
# [trades]
# large_percentile = 95

# How the dashboard tells of alerts: the terminal's bell; a desktop notification ("auto" where the
# terminal is known to take one, "off", or "osc9", "osc777", "osc99"); and a command, as a list of
# program and arguments, such as ["notify-send", "kis-tui"], which gets the values in its
# environment (KIS_TUI_ALERT_TEXT, _ID, _CODE, _VALUE, _AT) and runs once a second at most, ten
# seconds each.
# [alerts]
# bell = true
# notify = "auto"
# command = []

# Corrections of the trading calendar that is built in, as lists of dates such as ["2027-02-05"]:
# weekdays on which KRX is closed, trading days whose night is not held, and weekdays on which it
# is open after all (and on which the night is held after all).
# [calendar]
# closed_days = []
# closed_nights = []
# open_days = []

# App keys beside the usual one, by names of your own and in order of use.  A line says where a key
# is: "env" for KIS_APP_KEY and KIS_APP_SECRET, "env:2" for KIS_APP_KEY_2 and KIS_APP_SECRET_2, or
# the path of a file like kis_devlp.yaml: a line mine="env", a line office="~/KIS/office.yaml".  No
# key and no secret stands here.
# [profiles]
"""
