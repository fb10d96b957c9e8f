"""The field for whoever comes: a card, a number, a name or its initials."""

import tkinter
from collections.abc import Sequence
from typing import Any

from desk.suggestions import name_of, suggest_people
from desk.widgets.fields import Field
from desk.widgets.form import Form
from desk.widgets.suggest import SuggestEntry, Suggestion
from models.people import Person, people, person_signing_in, typed_number
from models.swipes import method_of


def people_here() -> list[Person]:
    """Everyone who may check in."""
    return [person for person in people() if person.may_sign_in]


def who_typed(text: str) -> tuple[Person, str]:
    """Whose card or number it is, and which of the two (`RecordedBy`)."""
    person = person_signing_in(text)
    return person, method_of(text, person)


class CardEntry(SuggestEntry):
    """Digits are a card or a number and go straight; letters and names suggest."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, suggest=self._find_people, fill=name_of, **options)

    def _find_people(self, text: str) -> Sequence[Suggestion]:
        if typed_number(text).isdecimal():
            return ()
        return suggest_people(people_here(), text)

    def resolve(self) -> None:
        """Pick whom Enter clearly means; among several nobody is picked unseen.

        The list is open afterwards when somebody has to choose from it.
        """
        text = self.get().strip()
        if self.record is not None or not text:
            return
        unseen = bool(self._timer) or not self.is_open
        self._stop_timer()
        if _is_number(text):
            return self.close()
        if not unseen:
            return self._pick(self._marked())
        self._found = self._find_people(text)
        exact = [item for item in self._found if item.record.name == text]
        if len(exact or self._found) == 1:
            self._found = exact or self._found
            self._pick(0)
        elif self._found:
            self.focus_set()
            self._open()
        else:
            self.close()


def _is_number(text: str) -> bool:
    typed = typed_number(text)
    return any(typed in (person.number, person.card) for person in people_here())


class CardForm(Form):
    """A form that begins with a `CardEntry`."""

    def add_card(self, name: str, label: str, **options: Any) -> CardEntry:
        """`value()` gives the person picked by name, `text()` what stands there."""
        entry = CardEntry(self.area, **options)

        def write(value: Any) -> None:
            if value is None or isinstance(value, str):
                entry.set_text(value or "")
            else:
                entry.set_record(value)

        field = Field(label, entry, read=lambda: entry.record, write=write)
        field.kept = False  # a card is written down nowhere
        return self._add(name, field)
