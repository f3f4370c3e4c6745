# SPDX-License-Identifier: EUPL-1.2
"""A small client of the real yaml-language-server, as an editor talks to it: JSON-RPC over standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
PATIENCE = 60.0
SETTINGS = {
    "yaml": {
        "validate": True,
        "completion": True,
        "hover": True,
        "schemaStore": {"enable": False},
        "schemas": {},
        "kubernetesCRDStore": {"enable": False},
    }
}


class LanguageServer:
    """One server process. ``open`` gives the diagnostics of a text, ``complete`` the labels that are proposed in it."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._number = self._opened = 0
        self._request(
            "initialize",
            {
                "processId": None,
                "rootUri": ROOT.as_uri(),
                "capabilities": {
                    "textDocument": {
                        "publishDiagnostics": {},
                        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                        "hover": {"contentFormat": ["markdown"]},
                    },
                    "workspace": {"configuration": True},
                },
            },
        )
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, path: str, text: str) -> list[tuple[int, str]]:
        """The diagnostics of a text that stands at a path under the project (`rules/wet/...`): (line counted from 1, message)."""
        uri = self._show(path, text)
        while True:
            message = self._received.get(timeout=PATIENCE)
            self._answer(message)
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
                return [(found["range"]["start"]["line"] + 1, found["message"]) for found in message["params"]["diagnostics"]]

    def complete(self, path: str, text: str) -> list[str]:
        """What is proposed at the mark ``¦`` in a text."""
        return [item["label"] for item in self._at_mark("textDocument/completion", path, text)["items"]]

    def hover(self, path: str, text: str) -> str:
        """What is told about the word at the mark ``¦``."""
        found = self._at_mark("textDocument/hover", path, text)
        return str(found["contents"]["value"]) if found else ""

    def stop(self) -> None:
        """End the server."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.terminate()
        self._process.wait(timeout=10)
        self._reader.join(timeout=10)
        self._process.stdin.close()
        self._process.stdout.close()

    def _show(self, path: str, text: str) -> str:
        self._opened += 1
        top, law, *rest = path.split("/")
        # An address of its own: the server keeps what it parsed by address, and tells of a file after it was closed.
        uri = (ROOT / "/".join((top, f"{law}{self._opened}", *rest))).as_uri()
        self._notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        return uri

    def _at_mark(self, method: str, path: str, text: str) -> Any:
        before, _, after = text.partition("¦")
        uri = self._show(path, before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        found = self._request(method, {"textDocument": {"uri": uri}, "position": place})
        self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        return found

    def _request(self, method: str, params: Mapping[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._received.get(timeout=PATIENCE)
            self._answer(message)
            if message.get("id") == self._number and "method" not in message:
                return message.get("result")

    def _answer(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks of an editor: its settings, and otherwise nothing."""
        if "method" in message and "id" in message:
            asked = message["method"] == "workspace/configuration"
            result = [SETTINGS.get(item.get("section", ""), {}) for item in message["params"]["items"]] if asked else None
            self._send({"id": message["id"], "result": result})

    def _notify(self, method: str, params: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._received.put(json.loads(stream.read(length)))
