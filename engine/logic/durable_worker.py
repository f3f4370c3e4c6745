# SPDX-License-Identifier: EUPL-1.2
"""The process in which durable_rules runs: it gets rulesets and tokens over a socket, and gives back what holds.

Started by its path, in isolated mode; it imports nothing of this project. A message is four bytes of length and JSON.
It ends when the socket closes, after any error, and (by an alarm) when the C code does not come back.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from typing import Any

import durable_rules_engine as rete

SID = "1"
TRUE = 0
"""The token that always holds; every stage has a rule on it."""


class Stage:
    """A ruleset in the C code, see ``durable_wiring.Stage``."""

    def __init__(self, name: str, plain: dict[str, Any]) -> None:
        self.handle = rete.create_ruleset(name, plain["rules"])
        self.derives: list[int] = plain["derives"]
        self.facts = {token: _json({"id": str(number), "sid": SID, **fields}) for number, (token, fields) in enumerate(plain["facts"])}

    def run(self, known: set[int]) -> None:
        """Add to the tokens that hold those that follow in this stage."""
        given = [fact for token, fact in self.facts.items() if token in known]
        try:
            code, state = rete.assert_facts(self.handle, f"[{','.join(given)}]")
            _check(code)
            _, message = rete.start_action_for_state(self.handle, state)
            steps = 0
            while message is not None:
                steps += 1
                if steps > len(self.derives):
                    raise RuntimeError("more steps than rules")
                self._fire(message, known)
                message = rete.complete_and_start_action(self.handle, state)
        finally:
            rete.delete_state(self.handle, SID)

    def _fire(self, message: str, known: set[int]) -> None:
        token = self.derives[int(message[3 : message.index('"', 3)])]
        if token in known:
            return
        known.add(token)
        if token in self.facts:
            code, _ = rete.assert_fact(self.handle, self.facts[token])
            _check(code)


def _json(message: Any) -> str:
    return json.dumps(message, separators=(",", ":"))


def _check(code: int) -> None:
    """Anything but 0 means that a fact was not taken in: no rule reads it, or its hash is that of another."""
    if code != 0:
        raise RuntimeError(f"fact refused with code {code}")


def _receive(connection: socket.socket) -> Any:
    head = _exactly(connection, 4)
    return None if head is None else json.loads(_exactly(connection, int.from_bytes(head, "big")) or b"null")


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        part = connection.recv(size - len(found))
        if not part:
            return None
        found += part
    return bytes(found)


def _send(connection: socket.socket, message: Any) -> None:
    body = _json(message).encode()
    connection.sendall(len(body).to_bytes(4, "big") + body)


def _answer(plans: dict[int, list[Stage]], request: dict[str, Any]) -> dict[str, Any]:
    plan = request["plan"]
    if "stages" in request:
        plans[plan] = [Stage(f"p{plan}s{number}", stage) for number, stage in enumerate(request["stages"])]
        return {"loaded": plan}
    answers = []
    for tokens in request["cases"]:
        known = {TRUE, *tokens}
        for stage in plans[plan]:
            stage.run(known)
        answers.append(sorted(known))
    return {"cases": answers}


def main() -> None:
    """Serve until the socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=os.dup(0))
    plans: dict[int, list[Stage]] = {}
    _send(connection, {"ready": True})
    while (request := _receive(connection)) is not None:
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        answer = _answer(plans, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(connection, answer)


if __name__ == "__main__":
    main()
