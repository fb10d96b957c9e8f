"""`python -m desk`: open the window, or run a command."""

import sys


def main() -> int:
    from desk.commands import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
