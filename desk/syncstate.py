"""What the status bar says about sync, true or silent."""

from typing import Any


def sync_words(state: Any = None) -> tuple[str, str]:
    """Text and kind (good, waiting, bad) for a state; for the present one if None."""
    if state is None:
        # Brings in the crypto libraries: only once a person has signed in.
        from exports.sync import sync_state

        state = sync_state()
    if state.conflicts or state.quarantined:
        count = len_or_count(state.conflicts) + len_or_count(state.quarantined)
        return f"{count} 项需要处理", "bad"
    if state.waiting:
        return f"{state.waiting} 条未上传", "waiting"
    if state.published:
        return f"{state.published} 条已上传，待确认", "waiting"
    return "全部已确认", "good"


def len_or_count(value: Any) -> int:
    """A number as it is, a list as its length."""
    return value if isinstance(value, int) else len(value)
