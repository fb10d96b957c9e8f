"""`python -m desk`: open the window, or run a command."""

import gc
import sys


def main() -> int:
    gc.disable()  # nothing is let go while modules are made: a quarter of the start
    from desk.commands import run

    gc.enable()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
