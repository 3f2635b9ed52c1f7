"""A server in the web processes' place that counts and remembers what it was asked."""

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class CountingServer:
    """Answers every path with its own number of requests, with the status and headers set here.

    asked     (path, headers) of every request, in order
    status    of the answers; 204 has no body
    headers   added to the answers
    gate      answers wait while it is cleared
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.headers: dict[str, str] = {"Cache-Control": "public, max-age=1"}
        self.gate = threading.Event()
        self.gate.set()
        self._open: list[socket.socket] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                server._open.append(self.connection)

            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                body = b"" if server.status == 204 else f"{len(server.asked)}".encode()
                server.gate.wait(10)
                self.send_response_only(server.status)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                if server.status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *args) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_port
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def times_asked(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def stop(self) -> None:
        """Refuse connections from now on, and drop the open ones."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
