"""Every reader, given real files that were damaged, cut, mixed up or blown up.

Each input ends with a refusal in words, or with what the file truly said.  A child
process with little memory reads them: a crash, a wrong answer, an endless read or one
that eats the memory is told by seed and number, which make the same input again.
"""

import multiprocessing
import random
import resource
import shutil
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import models
from exports.sync import batch
from models import UserError
from proof.mutations import mutated
from proof.readers import Bench, Reader

MEMORY = 200 << 20  # bytes above what the program takes by itself
ARENA = 64 << 20  # what malloc reserves for a second thread, and hardly uses
LONGEST = 10.0  # seconds of processor time for one input
context = multiprocessing.get_context("fork")
# What is no answer, and no error either, to a file that is not what it should be.
REFUSALS = (UserError, batch.BadBatch)


def try_one(reader: Reader, truth: Any, seed: int, number: int) -> str:
    """What was wrong with how one input was taken; "" when nothing was."""
    chance = random.Random(f"{seed} {reader.name} {number}")
    data = mutated(reader.data, chance)
    begun = time.process_time()
    try:
        answer = reader.read(data)
    except REFUSALS:
        answer = None
    except UnicodeDecodeError:
        if reader.name != "receipt":
            return traceback.format_exc(limit=-6)
        answer = None
    except BaseException:
        return traceback.format_exc(limit=-6)
    if reader.exact and data != reader.data and answer not in (None, truth):
        return f"altered content was taken: {str(answer)[:300]}"
    if (taken := time.process_time() - begun) > LONGEST:
        return f"took {taken:.1f} s"
    return ""


def _bound_memory() -> int:
    """No more than `MEMORY` above what is there; what is resident, in bytes."""
    pages = [int(n) for n in Path("/proc/self/statm").read_text().split()[:2]]
    size, resident = (n * resource.getpagesize() for n in pages)
    most = size + MEMORY + ARENA
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return resident


def _child(folder: Path, many: int, seed: int, said: Connection) -> None:
    """Reads about *many* inputs and says of each what was wrong."""
    readers = Bench(folder).readers()
    truths = [reader.read(reader.data) for reader in readers]
    models.close_database()
    total = sum(reader.share for reader in readers)
    for reader, truth in zip(readers, truths, strict=True):
        count = max(1, many * reader.share // total)
        begun = context.Value("l", 0)
        while begun.value < count:
            arguments = (reader, truth, seed, begun, count, said)
            one = context.Process(target=_reads, args=arguments)
            one.start()
            one.join(LONGEST * 60)
            if one.exitcode != 0:
                one.kill()
                place = (reader.name, begun.value)
                said.send((*place, f"the process died: {one.exitcode}"))
                begun.value += 1
    said.send(None)


def _reads(
    reader: Reader, truth: Any, seed: int, begun: Any, count: int, said: Connection
) -> None:
    """Some hundred inputs with little memory; *begun* is the next one."""
    _bound_memory()
    for number in range(begun.value, min(count, begun.value + 300)):
        begun.value = number
        said.send((reader.name, number, try_one(reader, truth, seed, number)))
    begun.value = min(count, number + 1)


def campaign(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Outcome, which input it was, and what was wrong with it."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(folder / "bench", many, seed, theirs))
    child.start()
    theirs.close()
    try:
        while (message := ours.recv()) is not None:
            name, number, wrong = message
            yield name, f"{name} {number}, seed {seed}", wrong
    except EOFError:
        yield "died", f"seed {seed}", f"exit code {child.exitcode}"
    finally:
        child.kill()
        child.join()
        shutil.rmtree(folder / "bench", ignore_errors=True)
