# SPDX-License-Identifier: EUPL-1.2
"""Work spread over processes: forked where that is safe, so that a worker starts with everything already loaded.

Starting a fresh Python and loading the rules costs about as long as some hundreds of tests; little work stays in this
process.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

_job: list[Any] = []


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Shared, Sequence[Item]], Result], shared: Shared, items: Sequence[Item], workers: int, chunk: int
) -> Iterator[Result]:
    """``work(shared, items)`` for chunks of the items, in order; ``shared`` goes to each worker once.

    ``work`` is a function of a module. With one worker everything runs here, and so it does beside other threads: a fork
    would copy their locks, and a new process wants ``shared`` without closures.
    """
    chunks = [items[start : start + chunk] for start in range(0, len(items), chunk)]
    if workers <= 1 or len(chunks) <= 1 or threading.active_count() > 1:
        for part in chunks:
            yield work(shared, part)
        return
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(min(workers, len(chunks)), context, initializer=_start, initargs=(work, shared)) as pool:
        try:
            waiting.extend(pool.submit(_work, part) for part in chunks)
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _start(work: Callable[[Any, Any], Any], shared: Any) -> None:
    _job[:] = [work, shared]


def _work(part: Any) -> Any:
    work, shared = _job
    return work(shared, part)
