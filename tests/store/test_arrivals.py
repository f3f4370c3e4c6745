# SPDX-License-Identifier: EUPL-1.2
"""The load of ``make bench``: it waits for nobody, and counts what was answered, sent away and never answered."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from benchmarks.arrivals import Answers, arrivals, percentile

ANSWER = b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\n{}"
COUNT = 12


@contextmanager
def server(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """The port of a server that gives each request what ``answer`` says, each connection in a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            while head := connection.recv(65_536):
                connection.sendall(answer(head))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.close()


def test_requests_arrive_whether_or_not_those_before_are_answered() -> None:
    together = threading.Barrier(COUNT)

    def answer(head: bytes) -> bytes:
        together.wait(20)
        return ANSWER % 201

    with server(answer) as port:
        found = arrivals(port, "/", b"{}", rate=100, seconds=COUNT / 100)
    assert (found.sent, len(found.accepted), found.failed) == (COUNT, COUNT, 0)


def test_each_request_has_a_key_of_its_own_and_the_body_that_was_given() -> None:
    seen: list[bytes] = []

    def answer(head: bytes) -> bytes:
        seen.append(head)
        return ANSWER % 201

    with server(answer) as port:
        arrivals(port, "/v1/beoordelingen", b'{"a":1}', rate=100, seconds=COUNT / 100)
    keys = {line for head in seen for line in head.split(b"\r\n") if line.startswith(b"Idempotency-Key: ")}
    assert len(keys) == COUNT
    assert all(head.startswith(b"POST /v1/beoordelingen ") and head.endswith(b'\r\n\r\n{"a":1}') for head in seen)


def test_what_is_sent_away_and_what_fails_is_told_apart_from_what_was_done() -> None:
    answers = iter([201, 201, 429, 503, 500, 400])

    def answer(head: bytes) -> bytes:
        return ANSWER % next(answers)

    with server(answer) as port:
        found = arrivals(port, "/", b"{}", rate=100, seconds=0.06)
    assert (len(found.accepted), len(found.shed), found.failed) == (2, 2, 2)


def test_a_server_that_is_not_there_gives_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = int(nobody.getsockname()[1])
    found = arrivals(port, "/", None, rate=100, seconds=0.03)
    assert (found.sent, found.failed) == (3, 3)


@pytest.mark.parametrize(("share", "time"), [(0.5, 51.0), (0.99, 100.0), (0.0, 1.0)])
def test_a_percentile_is_a_time_that_was_measured(share: float, time: float) -> None:
    assert percentile(tuple(float(number) for number in range(1, 101)), share) == time


def test_latencies_are_told_in_order_of_size() -> None:
    assert Answers(1.0, {201: (3.0, 1.0), 200: (2.0,)}).accepted == (1.0, 2.0, 3.0)
