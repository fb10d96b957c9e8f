"""What is half typed belongs to whoever typed it, not to the next person here."""

from typing import Any

from desk.widgets.form import Form
from models.people import Person


class OwnEntry:
    """Keeps what each person has not saved yet.  Make it while the form is empty.

    What stands in the fields *apart* is no entry by itself.
    """

    def __init__(self, form: Form, *, apart: tuple[str, ...]) -> None:
        self._form, self._apart = form, apart
        self._blank = form.snapshot()
        self._person: Person | None = None
        self._kept: dict[str, dict[str, Any]] = {}

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed or chosen yet."""
        return all(
            typed == self._blank[name]
            for name, typed in self._form.snapshot().items()
            if name not in self._apart and name not in self._form.pins.standing
        )

    def is_for(self, person: Person) -> bool:
        """Whether *person* is who signed in last, and has not signed in again."""
        return self._person is person

    def is_own(self, person: Person) -> bool:
        """Whether what is being typed is *person*'s, or nobody's."""
        return self._person is None or self._person.uid == person.uid

    def give_to(self, person: Person) -> bool:
        """Give the form to whoever signed in: with what they left, else empty.

        What was refused is forgotten.  False when it was theirs before.
        """
        before, self._person = self._person, person
        self._form.clear_problems()
        if before is None:
            return True
        if before.uid == person.uid:
            return False
        if not self.is_blank:
            self._kept[before.uid] = self._form.snapshot()
        self._form.pins.release()
        self._form.clear()
        return True

    def is_entry(self, typed: dict[str, Any]) -> bool:
        """Whether a snapshot has anything in it."""
        return any(
            value != self._blank[name]
            for name, value in typed.items()
            if name not in self._apart
        )

    def draft(self) -> dict[str, Any]:
        """What others than who is at work have not saved yet, by person."""
        return {uid: self._form.to_json(typed) for uid, typed in self._kept.items()}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """They find it again when they sign in."""
        for uid, packed in kept.items():
            self._kept.setdefault(uid, self._form.from_json(packed))

    def take_back(self) -> bool:
        """Put back what this person had typed; False when there is nothing."""
        assert self._person is not None
        typed = self._kept.pop(self._person.uid, None)
        if typed is not None:
            self._form.restore(typed)
        return typed is not None
