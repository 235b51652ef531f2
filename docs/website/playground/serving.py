"""Serves a folder on this machine, and only to it."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    # What these are called is otherwise up to the machine's own list, which may not know them.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def server_of(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder; `serve_forever` starts it.

    Args:
        folder: What is served.
        port: Where; 0 for any that is free, which `server_address` tells.

    Raises:
        OSError: If the port is taken.
    """
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))
