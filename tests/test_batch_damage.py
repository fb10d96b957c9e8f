"""No damaged or made-up batch opens, and none does worse than be refused."""

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_batch import (
    DATA,
    FILE,
    KEYS,
    header,
    opened,
    plain_of,
    sealed,
    signed,
    signed_head,
)

from exports.sync import batch, keys


def regions() -> dict[str, range]:
    """Where magic, header, signature and ciphertext lie."""
    magic, head, signature, _cipher = DATA.split(b"\n", 3)
    ends = [0, len(magic) + 1]
    ends += [ends[-1] + len(head) + 1]
    ends += [ends[-1] + len(signature) + 1, len(DATA)]
    names = ("magic", "header", "signature", "ciphertext")
    return {n: range(a, b) for n, a, b in zip(names, ends, ends[1:], strict=False)}


@pytest.mark.parametrize("region", regions())
@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_no_byte_may_change(region, mask):
    """Under its own name the hash tells; renamed, signature and digest do."""
    for at in regions()[region]:
        data = bytearray(DATA)
        data[at] ^= mask
        with pytest.raises(batch.BadBatch):
            opened(bytes(data), name=FILE.name)
        with pytest.raises(batch.BadBatch):
            opened(bytes(data))


def test_no_end_may_be_missing():
    for length in range(len(DATA)):
        with pytest.raises(batch.BadBatch):
            opened(DATA[:length])


SOON = settings(
    max_examples=1_500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@SOON
@given(st.data())
def test_no_mutation_is_accepted(data):
    changed = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed)))
        cut = data.draw(st.integers(0, 40))
        changed[at : at + cut] = data.draw(st.binary(max_size=40))
    if bytes(changed) != DATA:
        with pytest.raises(batch.BadBatch):
            opened(bytes(changed))


@SOON
@given(st.data())
def test_an_enrolled_station_that_signs_rubbish_is_refused_in_words(data):
    """Below the signature: header, ciphertext or lines are anything at all."""
    head, cipher = DATA.split(b"\n", 3)[1], DATA.split(b"\n", 3)[3]
    what = data.draw(st.sampled_from(["head", "cipher", "plain", "packed"]))
    source = {"head": head, "cipher": cipher, "plain": plain_of()}
    source["packed"] = zstandard.ZstdCompressor().compress(plain_of())
    changed = bytearray(source[what])
    at = data.draw(st.integers(0, len(changed)))
    cut = data.draw(st.integers(0, 40))
    changed[at : at + cut] = data.draw(st.binary(max_size=20))
    if what == "head":
        made = signed_head(bytes(changed), cipher)
    elif what == "cipher":
        made = signed(header(), bytes(changed))
    elif what == "plain":
        made = sealed(header(), [], bytes(changed))
    else:
        made = signed(header(), keys.encrypt(bytes(changed), [KEYS["recipient"]]))
    try:
        found = opened(made)
    except batch.BadBatch:
        return
    assert [e.hash for e in found.entries] == [e.hash for e in opened().entries]
