"""What the forms for lending and booking share: who asks, and who approved it."""

from collections.abc import Callable, Iterable
from typing import Any

from desk.suggestions import StudentPick, name_of, suggest_people
from desk.widgets.form import Form
from desk.widgets.suggest import Suggestion
from models.errors import UserError
from models.people import Person, PersonRole, people
from models.pinyin import initials_of


def suggest_texts(known: Iterable[str], text: str) -> list[Suggestion]:
    """Texts used before, by a part or by initials; all for no text.

    What was typed is offered too where it is a part of others: `A4` need not become
    `A4 纸`.
    """
    sought = text.strip().lower()
    known = list(known)
    found = [t for t in known if not sought or sought in t.lower()]
    if found and sought and text not in found:
        found.append(text)
    if sought.isascii():
        found += [t for t in known if t not in found and _has(t, sought)]
    return [Suggestion(t, t) for t in found]


def _has(text: str, initials: str) -> bool:
    return any(initials in reading for reading in initials_of(text).lower().split())


class AskingForm(Form):
    """*view* is the half page it stands in; its page has the index of students."""

    def __init__(self, view: Any, *, command: Callable[[], None]) -> None:
        super().__init__(view, title="", command=command)
        self.view = view
        self._asker = self._approver = ""

    @property
    def person(self) -> Person:
        """Who is at work."""
        return self.view.window.person

    def add_asker(self, name: str, label: str) -> None:
        """Who asks: a student of the roster, or anybody by name."""
        self._asker = name
        self.add_suggest(
            name,
            label,
            suggest=lambda text: self.view.page.students.suggest(text),
            on_pick=self._on_student,
            fill=name_of,
        )

    def add_used(self, name: str, label: str, used: Callable[[], list[str]]) -> None:
        """A text; those used before are offered."""
        self.add_suggest(
            name,
            label,
            suggest=lambda text: suggest_texts(used(), text),
            all_when_empty=True,
        )

    def add_approver(self, label: str) -> None:
        """Who approved it: a teacher, or anybody by name."""
        self.add_suggest(
            "approver",
            label,
            suggest=lambda text: suggest_people(_who_approve(), text),
            fill=name_of,
            all_when_empty=True,
        )

    def offer_approver(self, *, anew: bool) -> None:
        """A teacher approves as a rule what they take down themselves."""
        usual = "" if self.person.role == PersonRole.ASSISTANT else self.person.name
        if anew or self.text("approver") == self._approver:
            self.set("approver", usual)
        self._approver = usual

    def _on_student(self, pick: StudentPick) -> None:
        student = pick.student
        if student is not None:
            self.set("phone", student.phone)

    def who(self) -> dict[str, Any]:
        """Who asks, for the operation."""
        pick, text = self.value(self._asker), self.text(self._asker)
        with self.about(self._asker):
            if pick is None and text.isdecimal():
                raise UserError(f"名册中没有“{text}”，请核对学号，或填写姓名。")
        return {
            "student": pick.student if pick else None,
            self._asker: "" if pick else text,
            "phone": self.text("phone"),
        }


def _who_approve() -> list[Person]:
    return [person for person in people() if person.role != PersonRole.ASSISTANT]
