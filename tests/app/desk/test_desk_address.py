"""Addresses of NATS servers: what is refused off this machine, and where credentials come from."""

import pytest

from app.desk.desk_address import VARIABLE, DeskAddress, read_address
from app.system.errors import UsageError
from app.system.secret import Secret, redact

PASSWORD = "correct-horse-battery"


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("nats://127.0.0.1:4222", "nats://127.0.0.1:4222"),
        ("127.0.0.1:4223", "nats://127.0.0.1:4223"),
        ("localhost", "nats://localhost:4222"),
        ("nats://[::1]:4222", "nats://[::1]:4222"),
        ("ws://127.0.0.1:8080", "ws://127.0.0.1:8080"),
    ],
)
def test_a_server_of_this_machine_needs_nothing(typed: str, url: str) -> None:
    address = read_address(typed, {})
    assert (address.url, address.has_credentials) == (url, False)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("nats://desk.example.com:4222", "desk.not_encrypted"),
        ("desk.example.com", "desk.not_encrypted"),
        ("ws://10.0.0.7:80", "desk.not_encrypted"),
        ("nats://127.0.0.1.example.com", "desk.not_encrypted"),
        ("tls://desk.example.com", "desk.no_credentials"),
        ("wss://desk.example.com/nats", "desk.no_credentials"),
        ("http://127.0.0.1:4222", "desk.bad_url"),
        ("nats://", "desk.bad_url"),
        ("nats://127.0.0.1:99999", "desk.bad_url"),
        ("nats://127.0.0.1:4222?x=1", "desk.bad_url"),
        (f"tls://me:{PASSWORD}@desk.example.com", "desk.secret_in_argv"),
        ("nats://token@127.0.0.1", "desk.secret_in_argv"),
    ],
)
def test_read_address_refuses(typed: str, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_address(typed, {})
    assert raised.value.key == key
    assert PASSWORD not in str(raised.value)


def test_credentials_come_from_the_environment_for_the_same_server_alone() -> None:
    environment = {VARIABLE: f"tls://me:{PASSWORD}@desk.example.com:4222"}
    address = read_address("tls://desk.example.com", environment)
    assert address.url == "tls://desk.example.com:4222"
    assert address.user == "me"
    assert address.password == Secret(PASSWORD)
    with pytest.raises(UsageError, match="no_credentials"):
        read_address("tls://other.example.com", environment)


def test_a_token_of_the_environment_is_a_credential() -> None:
    environment = {VARIABLE: "wss://a-token@desk.example.com:443/nats"}
    address = read_address("wss://desk.example.com:443/nats", environment)
    assert address.token == Secret("a-token")


def test_the_server_of_this_user_is_known_by_its_url() -> None:
    own = DeskAddress("nats://127.0.0.1:4222", "screen", Secret(PASSWORD))
    assert read_address("127.0.0.1", {}, own) == own
    assert not read_address("127.0.0.1:4223", {}, own).has_credentials


def test_an_address_never_prints_its_credentials() -> None:
    environment = {VARIABLE: f"tls://me:{PASSWORD}@desk.example.com:4222"}
    address = read_address("tls://desk.example.com", environment)
    assert PASSWORD not in repr(address)
    assert PASSWORD not in redact(f"connecting to tls://me:{PASSWORD}@desk.example.com:4222")
