"""What the window says about sync, in words and a kind: never more than is true."""

from datetime import datetime
from typing import Any, NamedTuple

from models import clock
from models.installation import installation

# The sign says what the colour says, for who sees no colours.
SIGNS = {"good": "✔", "neutral": "○", "waiting": "●", "bad": "✖"}


class Activity(NamedTuple):
    """What the program is doing about it just now; nothing of it is stored."""

    running: bool = False
    # Another program on this PC exchanges.
    elsewhere: bool = False
    # Since when a call on the share has not been answered.
    unanswered_since: datetime | None = None
    # An automatic exchange ended in an error that is not the share's.
    failed: bool = False


IDLE = Activity()


def sync_words(state: Any = None, activity: Activity = IDLE) -> tuple[str, str]:
    """Text and kind (good, neutral, waiting, bad) of *state*; None: of now.

    First what is amiss or under way, if anything, then where this PC's records are.
    """
    if state is None:
        # Brings in the crypto libraries: only once a person has signed in.
        from exports.sync import sync_state

        state = sync_state()
    amiss = [_trouble(state), _doing(activity) or _away(state, activity)]
    parts = [part for part in amiss if part is not None]
    ours = records_words(state)
    if state.approved and (len(parts) < 2 or ours[1] != "good"):
        parts.append(ours)
    return " · ".join(words for words, _ in parts), parts[0][1]


def _trouble(state: Any) -> tuple[str, str] | None:
    """What waits for a person."""
    troubled = state.conflicts + state.quarantined + len(state.alarms)
    if troubled:
        return f"{troubled} 项待处理", "bad"
    return None


def _doing(activity: Activity) -> tuple[str, str] | None:
    if activity.unanswered_since is not None:
        return f"共享没有响应 自 {moment(activity.unanswered_since)}", "bad"
    if activity.elsewhere:
        return "正在另一程序同步", "waiting"
    if activity.running:
        return "同步中", "waiting"
    return None


def _away(state: Any, activity: Activity) -> tuple[str, str] | None:
    if state.away_since is not None:
        return f"共享不可用 自 {moment(state.away_since)}", "bad"
    if not state.approved:
        return "等待批准", "waiting"
    if state.trouble or activity.failed:
        return "上次同步未完成", "bad"
    old = state.office_word.partition("，")[2]  # how old it is, where that is too old
    if old:
        return old, "bad"
    silent = sum(words.endswith("天无数据") for words in state.silent)
    if silent:  # and not those that have only just been let in
        return f"{silent} 台工作站多日无数据", "bad"
    return None


def records_words(state: Any) -> tuple[str, str]:
    """Where the records of this PC are, counted."""
    if installation().is_office:
        # Nobody confirms what the office publishes, and it decides itself when to.
        if state.waiting:
            return f"{state.waiting} 条待发布", "neutral"
        return "全部已发布", "good"
    if state.waiting and state.published:
        return f"{state.waiting} 条未上传，{state.published} 条待确认", "waiting"
    if state.waiting:
        return f"{state.waiting} 条未上传", "waiting"
    if state.published:
        return f"{state.published} 条已上传，待确认", "waiting"
    return "全部已确认", "good"


def moment(at: datetime) -> str:
    """`10:12` of today, `11-22 10:12` of another day."""
    return f"{at:%H:%M}" if at.date() == clock.today() else f"{at:%m-%d %H:%M}"
