"""What a form asks of its fields before anything is done, from top to bottom.

An operation refuses one thing at a time, in its own order: asked first, the first
field that is wrong is the one that is told, and the cursor goes there.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from desk.widgets.datefield import DateField
from desk.widgets.fields import Field
from models.errors import UserError


class FormChecks:
    """The part of a form that looks at its fields before the command runs."""

    _fields: dict[str, Field]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._checks: dict[str, Callable[[], Any]] = {}

    def about(self, name: str) -> AbstractContextManager[None]:
        """Whatever is refused within is refused of this field."""
        raise NotImplementedError

    def check(self, name: str, check: Callable[[], Any]) -> None:
        """*check* raises UserError for what is wrong with a field."""
        self._checks[name] = check

    def need(
        self, name: str, problem: str, *, when: Callable[[], bool] = lambda: True
    ) -> None:
        """A field that may not stay empty, as far as it is there."""

        def is_filled_in() -> None:
            if self._fields[name].typed() in ("", None) and when():
                raise UserError(problem)

        self.check(name, is_filled_in)

    def check_fields(self) -> None:
        """Refuse the first field that is wrong; a date must be one wherever it is."""
        for name, field in self._fields.items():
            if field.takes_input:
                with self.about(name):
                    if isinstance(field.widget, DateField):
                        field.read()
                    if name in self._checks:
                        self._checks[name]()
