"""Whose ledgers hide parts of phone numbers and student numbers.

Assistants are students themselves and change every class hour: what they print or look
through is masked always.  Teachers and the office choose each time.
"""

from models.people import Person, PersonRole


def must_mask(person: Person) -> bool:
    return person.role not in (PersonRole.TEACHER, PersonRole.OFFICE)
