"""What the window says about sync, in a word and a kind: never more than is true."""

from typing import Any

from models.installation import installation


def sync_words(state: Any = None) -> tuple[str, str]:
    """Text and kind (good, neutral, waiting, bad) of *state*; None: of now."""
    if state is None:
        # Brings in the crypto libraries: only once a person has signed in.
        from exports.sync import sync_state

        state = sync_state()
    troubled = state.conflicts + state.quarantined
    if troubled:
        return f"同步有 {troubled} 项待处理", "bad"
    if not state.approved:
        return "等待办公室批准", "waiting"
    if installation().is_office:
        return _words_of_office(state)
    if state.trouble:
        return f"上次同步未完成，{state.waiting} 条未上传", "bad"
    if state.waiting:
        return f"{state.waiting} 条未上传", "waiting"
    if state.published:
        return f"{state.published} 条已上传，待确认", "waiting"
    return "全部已确认", "good"


def _words_of_office(state: Any) -> tuple[str, str]:
    """Nobody confirms what the office publishes, and it decides itself when to."""
    if state.trouble:
        return f"上次同步未完成，{state.waiting} 条待发布", "bad"
    if state.waiting:
        return f"{state.waiting} 条待发布", "neutral"
    return "全部已发布", "good"
