"""Control messages as nobody would send them: only `FrameError` leaves `decode`."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from specs.control import Ack, PingPong, RefusalReaction, decode
from specs.frame import REASONS, FrameError

SUCCESS = (
    '{"header":{"tr_id":"H0IFCNT0","tr_key":"A05608","encrypt":"N"},"body":{"rt_cd":"0",'
    '"msg_cd":"OPSP0000","msg1":"SUBSCRIBE SUCCESS","output":{"iv":"0123456789abcdef",'
    '"key":"abcdefghijklmnopabcdefghijklmnop"}}}'
)

anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "tr_id": st.one_of(st.sampled_from(["PINGPONG", "(null)", "H0EUCNT0"]), anything),
        "tr_key": anything,
        "datetime": anything,
    },
)
bodies = st.fixed_dictionaries(
    {}, optional={"rt_cd": anything, "msg_cd": anything, "msg1": anything, "output": anything}
)
messages = st.one_of(
    st.text(),
    st.text(alphabet='{}[]":,\\u0d8nul1.e- '),
    anything.map(json.dumps),
    st.fixed_dictionaries(
        {}, optional={"header": st.one_of(headers, anything), "body": st.one_of(bodies, anything)}
    ).map(json.dumps),
)


@settings(deadline=None, max_examples=300)
@given(messages)
def test_any_text_is_a_message_or_a_refusal(raw: str) -> None:
    refusal, got = None, None
    try:
        got = decode(raw)
    except FrameError as error:
        refusal = error.reason
    if isinstance(got, Ack):
        assert (got.tr_id + got.tr_key + got.code + got.message).isprintable()
        assert got.reaction in RefusalReaction
    elif isinstance(got, PingPong):
        assert got.datetime.isprintable()
    else:
        assert refusal in REASONS


@settings(deadline=None)
@given(st.integers(0, len(SUCCESS) - 1), st.text(max_size=3), st.integers(0, 5))
def test_a_mutated_message_is_a_message_or_a_refusal(at: int, put: str, cut: int) -> None:
    refusal = None
    try:
        decode(SUCCESS[:at] + put + SUCCESS[at + cut :])
    except FrameError as error:
        refusal = error.reason
    assert refusal in (None, "json", "control")
