"""The thread of a case: which of its steps had seen which, and which had not.

Two desks may work on a case without knowing of each other.  Their steps are then side
by side in the thread; nothing is lost, and what does not go together is said.
"""

import heapq
from collections.abc import Iterable, Sequence

from models.steps import StepKind, VisitStep

# Telling the visitor goes with everything.
_HARMLESS = (StepKind.NOTIFIED,)


class Thread:
    """Steps in an order that depends on the set of them only.

    A step follows those it has `seen`; one that saw nothing follows all earlier steps
    of its own station.  Ties are broken by time and uid.  A step that has not arrived
    is passed over, a circle (which only a forger makes) is cut at its earliest step.
    """

    def __init__(self, steps: Iterable[VisitStep]) -> None:
        found = {step.uid: step for step in steps}
        parents = {uid: _parents(step, found) for uid, step in found.items()}
        self.missing = any(
            uid not in found for step in found.values() for uid in _seen(step)
        )
        self.steps = _in_order(found, parents)
        self._place = {step.uid: at for at, step in enumerate(self.steps)}
        self._before = self._reach(parents)
        followed = set().union(*parents.values())
        self.heads = [step.uid for step in self.steps if step.uid not in followed]

    def _reach(self, parents: dict[str, set[str]]) -> list[int]:
        """For each step the set of all before it, as the bits of a number."""
        before: list[int] = []
        for at, step in enumerate(self.steps):
            bits = 0
            for uid in parents[step.uid]:
                if self._place[uid] < at:  # of a circle the cut side is left out
                    bits |= before[self._place[uid]] | 1 << self._place[uid]
            before.append(bits)
        return before

    def has_seen(self, step: VisitStep, earlier: VisitStep) -> bool:
        """Did whoever wrote *step* know of *earlier*?"""
        return bool(self._before[self._place[step.uid]] >> self._place[earlier.uid] & 1)

    def contradictions(self, desk_name: str) -> list[str]:
        """What two stations did without knowing of each other and nobody settled.

        *desk_name* stands for the desk of steps that do not say where they were done.
        """
        if len({step.station for step in self.steps}) < 2:
            return []
        return [
            _sentence(one, other, desk_name)
            for at, other in enumerate(self.steps)
            for one in self.steps[:at]
            if _disagree(one, other)
            and not self.has_seen(other, one)
            and not self._is_settled(one, other)
        ]

    def _is_settled(self, one: VisitStep, other: VisitStep) -> bool:
        both = 1 << self._place[one.uid] | 1 << self._place[other.uid]
        return any(before & both == both for before in self._before)


def _seen(step: VisitStep) -> list[str]:
    """What a step says it saw; a forged row may hold anything."""
    seen = step.seen if isinstance(step.seen, list) else []
    return [uid for uid in seen if isinstance(uid, str)]


def _parents(step: VisitStep, found: dict[str, VisitStep]) -> set[str]:
    seen = _seen(step)
    if seen:
        return {uid for uid in seen if uid in found and uid != step.uid}
    return {
        other.uid
        for other in found.values()
        if other.station == step.station and other.uid < step.uid
    }


def _in_order(
    found: dict[str, VisitStep], parents: dict[str, set[str]]
) -> list[VisitStep]:
    children: dict[str, list[str]] = {uid: [] for uid in found}
    for uid, above in parents.items():
        for parent in above:
            children[parent].append(uid)
    waits_for = {uid: len(above) for uid, above in parents.items()}
    rank = {step.uid: (step.at, step.uid) for step in found.values()}
    ready = [rank[uid] for uid, count in waits_for.items() if not count]
    heapq.heapify(ready)
    left, order = dict.fromkeys(sorted(rank.values())), []
    while left:
        chosen = heapq.heappop(ready) if ready else next(iter(left))
        if chosen not in left:
            continue
        del left[chosen]
        order.append(found[chosen[1]])
        for child in children[chosen[1]]:
            waits_for[child] -= 1
            if not waits_for[child]:
                heapq.heappush(ready, rank[child])
    return order


def _disagree(one: VisitStep, other: VisitStep) -> bool:
    """May two steps that did not see each other not both be right?

    Only the desk that has a case works on it.  Two notes of progress do no harm.
    """
    if one.station == other.station or {one.kind, other.kind} & set(_HARMLESS):
        return False
    return not one.kind == other.kind == StepKind.PROGRESS


def _sentence(one: VisitStep, other: VisitStep, desk_name: str) -> str:
    said = [
        f"{step.by_desk_name or desk_name} {step.at:%m-%d %H:%M} “{step.kind_label}”"
        for step in (one, other)
    ]
    return f"{said[0]}与{said[1]}互不知情，请核对后补记一步说明以哪个为准。"


def heads_of(steps: Sequence[VisitStep]) -> list[str]:
    """The uids of the steps that none of the others follows."""
    return Thread(steps).heads
