"""Credentials: where they are found, what is refused, and that none is ever shown."""

from pathlib import Path

import msgspec
import pytest
from harness.named_pipe import make_named_pipe

from app.storage.credentials import (
    KIS_FILE,
    KIS_REST,
    KIS_WS,
    Credentials,
    Secret,
    find_credentials,
    find_endpoints,
)
from app.system.errors import CredentialsError, UsageError
from specs.user_message import UserMessage
from widgets.message_text import message_text

KEY, SECRET = "PSsentinelKey0123456789", "sentinelSecret+/0123456789=="


def home_with(home: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path = home / KIS_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return home


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("KIS_APP_KEY", "KIS_APP_SECRET"),
        ("KIS_APP_KEY", "KIS_SECRET"),
        ("KIS_APPKEY", "KIS_APPSECRET"),
        ("KIS_API_KEY", "KIS_API_SECRET"),
    ],
)
def test_every_name_in_use_is_read(tmp_path: Path, key: str, secret: str) -> None:
    found = find_credentials({key: f" {KEY}\n", secret: SECRET}, tmp_path)
    assert found.credentials.app_key.reveal() == KEY
    assert found.credentials.app_secret.reveal() == SECRET
    assert found.credentials.source == key


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    home_with(tmp_path, f"my_app: other-key-000\nmy_sec: {SECRET}\n")
    found = find_credentials({"KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET}, tmp_path)
    assert found.credentials.app_key.reveal() == KEY


def test_kis_own_file_is_read(tmp_path: Path) -> None:
    home_with(tmp_path, f"my_app: '{KEY}'\nmy_sec: '{SECRET}'\nmy_acct_stock: '1234'\n")
    found = find_credentials({}, tmp_path)
    assert found.credentials == Credentials(Secret(KEY), Secret(SECRET), str(tmp_path / KIS_FILE))
    assert found.warnings == ()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o666])
def test_a_file_that_others_read_brings_the_line_that_ends_it(tmp_path: Path, mode: int) -> None:
    home_with(tmp_path, f"my_app: {KEY}\nmy_sec: {SECRET}\n", mode)
    [warning] = find_credentials({}, tmp_path).warnings
    assert warning == UserMessage("credentials.open", path=tmp_path / KIS_FILE)
    assert f"chmod 600 {tmp_path / KIS_FILE}" in message_text(warning)


def test_no_credentials_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError) as caught:
        find_credentials({}, tmp_path)
    assert caught.value.exit_code == 4
    for part in ("KIS_APP_KEY", "KIS_APP_SECRET", str(tmp_path / KIS_FILE)):
        assert part in message_text(caught.value.hint)
    assert "kis-tui --demo" in message_text(caught.value.message)


def test_a_key_without_its_secret_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="KIS_APP_SECRET"):
        find_credentials({"KIS_APPKEY": KEY}, tmp_path)
    with pytest.raises(CredentialsError, match="KIS_APP_KEY"):
        find_credentials({"KIS_SECRET": SECRET}, tmp_path)


def test_paper_keys_alone_are_told_that_paper_streams_nothing(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"credentials\.paper"):
        find_credentials({"KIS_PAPER_APP_KEY": KEY}, tmp_path)
    home_with(tmp_path, f"my_app: '앱키'\nmy_sec: '앱키 시크릿'\npaper_app: {KEY}\n")
    with pytest.raises(CredentialsError, match=r"credentials\.paper") as caught:
        find_credentials({}, tmp_path)
    assert caught.value.hint == UserMessage("credentials.try_paper")
    for part in ("kis-tui --demo", "kis-tui --paper"):
        assert part in message_text(caught.value.hint)


def test_paper_keys_are_found_where_they_are_asked_for(tmp_path: Path) -> None:
    environment = {"KIS_PAPER_APP_KEY": KEY, "KIS_PAPER_APP_SECRET": SECRET, "KIS_APP_KEY": "real"}
    found = find_credentials(environment, tmp_path, paper=True).credentials
    assert (found.app_key.reveal(), found.app_secret.reveal()) == (KEY, SECRET)
    home_with(tmp_path, f"my_app: '앱키'\npaper_app: {KEY}\npaper_sec: {SECRET}\n")
    found = find_credentials({}, tmp_path, paper=True).credentials
    assert (found.app_key.reveal(), found.app_secret.reveal()) == (KEY, SECRET)


def test_without_paper_keys_real_ones_are_not_sent_to_the_mock_servers(tmp_path: Path) -> None:
    home_with(tmp_path, f"my_app: {KEY}\nmy_sec: {SECRET}\n")
    environment = {"KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET}
    with pytest.raises(CredentialsError, match=r"credentials\.no_paper"):
        find_credentials(environment, tmp_path, paper=True)
    with pytest.raises(CredentialsError, match="KIS_PAPER_APP_SECRET"):
        find_credentials({"KIS_PAPER_APP_KEY": KEY}, tmp_path, paper=True)


def test_paper_has_addresses_of_its_own() -> None:
    """Source: kis-protocol sections 1 and 2."""
    found = find_endpoints({"KIS_URL_WS": "ws://127.0.0.1:1"}, paper=True)
    assert found.rest == "https://openapivts.koreainvestment.com:29443"
    assert found.ws == "ws://ops.koreainvestment.com:31000"
    local = {"KIS_URL_REST_PAPER": "http://127.0.0.1:1", "KIS_URL_WS_PAPER": "ws://127.0.0.1:2"}
    found = find_endpoints(local, paper=True)
    assert (found.rest, found.ws) == ("http://127.0.0.1:1", "ws://127.0.0.1:2")


def test_a_placeholder_is_explained(tmp_path: Path) -> None:
    home_with(tmp_path, "my_app: '앱키'\nmy_sec: '앱키 시크릿'\npaper_app: '모의투자 앱키'\n")
    with pytest.raises(CredentialsError, match=r"credentials\.placeholder"):
        find_credentials({}, tmp_path)


@pytest.mark.parametrize(
    "value",
    [f'"{KEY}"', f"{KEY} x", f"{KEY}\nX", "\x1b]0;x\x07", "x" * 10_000, "앱키", "short"],
    ids=lambda value: repr(value[:12]),
)
def test_what_cannot_be_a_key_is_named_by_its_variable_only(tmp_path: Path, value: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        find_credentials({"KIS_APP_KEY": value, "KIS_APP_SECRET": SECRET}, tmp_path)
    assert caught.value.values == {"source": "KIS_APP_KEY"}
    assert value not in message_text(caught.value.hint)


@pytest.mark.parametrize(
    "text",
    [
        b"- a list\n",
        b"my_app: !!int ''\n",
        b"my_app: !!timestamp x\n",
        b"my_app: !!python/object/apply:os.system ['true']\n",
        b"? {a: 1}\n: b\n",
        b"[" * 50_000,
        b"a: [\n",
        b"\0" * 100,
        "my_app: '앱키'\n".encode("cp949"),
        b"",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_file_that_is_no_plain_yaml_ends_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    home_with(tmp_path, text)
    with pytest.raises(CredentialsError):
        find_credentials({}, tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        (f"# keys\nmy_app:{KEY}\nmy_sec: {SECRET}\n", 2, "fault_no_blank"),
        (f"my_app:{KEY}\nmy_sec:{SECRET}\n", 1, "fault_no_blank"),
        (f'"my_app":"{KEY}"\n"my_sec":"{SECRET}"\n', 1, "fault_no_blank"),
        (f"my_sec: {SECRET}\nmy_app：{KEY}\n", 2, "fault_no_blank"),
        (f"my_app: {KEY}\nmy_sec:\t{SECRET}\n", 2, "fault_tab"),
        (f"\n\tmy_app: {KEY}\n\tmy_sec: {SECRET}\n", 2, "fault_tab"),
        (f"my_app = {KEY}\nmy_sec = {SECRET}\n", 1, "fault_equals"),
        (f"my_app: {KEY}\nmy_sec: “{SECRET}”\n", 2, "fault_quotes"),
        (f"my_app: '{KEY}\nmy_sec: '{SECRET}'\n", 1, "fault_open_quote"),
        (f"my_app: {KEY}\n]\nmy_sec: {SECRET}\n", 2, "yaml_line"),
        (f"my_app: {KEY}\nmy_sec: ".encode() + b"\xff\xff\xff", 2, "no_text"),
    ],
)
def test_key_file_error_names_line_and_cure(
    tmp_path: Path, text: str | bytes, line: int, fault: str
) -> None:
    home_with(tmp_path, text)
    with pytest.raises(CredentialsError) as caught:
        find_credentials({}, tmp_path)
    path = tmp_path / KIS_FILE
    assert caught.value.message == UserMessage(f"credentials.{fault}", path=path, line=line)
    said = message_text(caught.value.message) + message_text(caught.value.hint)
    assert f"{KIS_FILE.name} {line}번째 줄" in said
    assert KEY not in said
    assert SECRET not in said


def test_key_file_in_cp949_is_read_and_its_line_named(tmp_path: Path) -> None:
    home_with(tmp_path, f"my_app: {KEY}\nmy_sec: {SECRET}  # 시크릿\n".encode("cp949"))
    found = find_credentials({}, tmp_path)
    assert found.credentials.app_secret.reveal() == SECRET
    [warning] = found.warnings
    assert warning.key == "credentials.encoding"
    assert warning.values["line"] == 2
    assert "UTF-8" in message_text(warning)


@pytest.mark.parametrize("quoted", ['"my_app": "{}"', "'my_app': '{}'", "my_app : {}"])
def test_key_file_with_quoted_keys_is_read(tmp_path: Path, quoted: str) -> None:
    home_with(tmp_path, f"\ufeff{quoted.format(KEY)}\nmy_sec: {SECRET}\n")
    assert find_credentials({}, tmp_path).credentials.app_key.reveal() == KEY


def test_key_file_with_the_short_ending_is_read(tmp_path: Path) -> None:
    home_with(tmp_path, f"my_app: {KEY}\nmy_sec: {SECRET}\n")
    short = (tmp_path / KIS_FILE).rename((tmp_path / KIS_FILE).with_suffix(".yml"))
    assert find_credentials({}, tmp_path).credentials.source == str(short)


def test_aliases_that_grow_without_end_are_not_followed(tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for last, name in zip("abcdefghijk", "bcdefghijkl", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{last}'] * 10)}]")
    home_with(tmp_path, "\n".join([*lines, "my_app: *l", "my_sec: *l", ""]))
    with pytest.raises(CredentialsError):
        find_credentials({}, tmp_path)


def test_a_pipe_in_place_of_the_file_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / KIS_FILE
    path.parent.mkdir(parents=True)
    make_named_pipe(path)
    with pytest.raises(UsageError):
        find_credentials({}, tmp_path)


def test_a_secret_never_prints() -> None:
    secret = Secret(SECRET)
    credentials = Credentials(Secret(KEY), secret, "here")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", f"{secret!r}"]
    shown += [repr(credentials), str(credentials), repr([credentials]), repr({"a": secret})]
    assert not any(SECRET in text or KEY in text for text in shown)
    for encode in (msgspec.json.encode, msgspec.msgpack.encode):
        with pytest.raises(TypeError):
            encode(credentials)
    assert not hasattr(secret, "__dict__")


def test_kis_addresses_are_the_default() -> None:
    endpoints = find_endpoints({})
    assert (endpoints.rest, endpoints.ws) == (KIS_REST, KIS_WS)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9", "http://localhost:9", "https://[::1]:9", KIS_REST,
     "https://openapivts.koreainvestment.com:29443"],
)  # fmt: skip
def test_kis_and_this_machine_are_allowed(url: str) -> None:
    assert find_endpoints({"KIS_URL_REST": f"{url}/"}).rest == url


@pytest.mark.parametrize(
    "url",
    [
        "http://openapi.koreainvestment.com:9443",
        "https://koreainvestment.com.evil.example",
        "https://evilkoreainvestment.com",
        "https://evil.example\\.koreainvestment.com",
        "https://evil.example%2f.koreainvestment.com",
        "https://evil.example/.koreainvestment.com",
        "https://evil.example#.koreainvestment.com",
        "https://evil.example?.koreainvestment.com",
        "https://.koreainvestment.com",
        "https://a b.koreainvestment.com",
        "https://user:pass@openapi.koreainvestment.com",
        "https://openapi.koreainvestment.com@evil.example",
        "https://openapi.koreainvestment.com:0",
        "https://openapi.koreainvestment.com:70000",
        "https://openapi.koreainvestment.com:9443/?to=x",
        "https://192.168.0.1",
        "https://[::2]",
        "https://[",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "\x1b]0;x\x07",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_endpoints({"KIS_URL_REST": url})
    assert message_text(caught.value.message).isprintable()
    assert "pass" not in str(caught.value)


def test_a_stream_goes_to_kis_only() -> None:
    assert find_endpoints({"KIS_URL_WS": "ws://127.0.0.1:1/x"}).ws == "ws://127.0.0.1:1/x"
    for url in ("ws://evil.example:21000", "http://ops.koreainvestment.com:21000"):
        with pytest.raises(UsageError, match="KIS_URL_WS"):
            find_endpoints({"KIS_URL_WS": url})
