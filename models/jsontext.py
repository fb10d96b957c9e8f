"""What is raised for JSON that cannot be read, as of a damaged file from outside."""

import msgspec

# msgspec says of bytes that are not UTF-8 what Python says, not its own error; and of
# what is nested a thousand deep, which takes some kilobytes, that it went too deep.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
