"""A real HTTP server that answers as a test tells it to, in the feed's place."""

import contextlib
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What one path answers: a body with a status and headers, after a delay, or no answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    cut_to: int | None = None


class FeedServer:
    """Serves `answers` by the path after /returns/; counts what was asked in `asked`."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.asked: Counter[str] = Counter()
        self.request_headers: dict[str, dict[str, str]] = {}
        self.connections = 0
        self._open: list[socket.socket] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                server.connections += 1
                server._open.append(self.connection)

            def do_GET(self) -> None:
                path = self.path.removeprefix("/returns/")
                server.asked[path] += 1
                server.request_headers[path] = dict(self.headers)
                found = server.answers.get(path, Answer(b'{"message": "Not Found"}', 404))
                if isinstance(found, list):
                    found = found.pop(0) if len(found) > 1 else found[0]
                time.sleep(found.delay)
                if found.drop:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                etag = found.headers.get("ETag")
                status = found.status
                body = found.body
                if etag and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                self.send_response_only(status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                # A client that gave up waiting is no fault of this server.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body if found.cut_to is None else body[: found.cut_to])
                if found.cut_to is not None:
                    self.close_connection = True

            def log_message(self, *args) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def serve(self, path: str, body: bytes, status: int = 200, **more) -> None:
        self.answers[path] = Answer(body, status, **more)

    def stop_listening(self) -> None:
        """Refuse connections from now on, and drop the open ones."""
        self.stop()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()
