"""A recorded election served as the Secretary of State's API, on a clock of its own."""

import gzip
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import quote

from results.recordings.recording import MOST_BODIES_KEPT, Recording
from results.recordings.replay_answers import Answer, answer, message
from results.recordings.replay_clock import ReplayClock

LEAD_SECONDS = 3
"""Real seconds between the start of a replay and its first votes, if it starts there."""
_GZIP_FROM_BYTES = 500


@dataclass(slots=True)
class Trouble:
    """What goes wrong with an endpoint, for rehearsals.

    status   answered instead of 200, with `body` or a JSON message
    body     answered instead of the recorded one
    headers  added to the answer
    delay    seconds before the answer
    drop     close the connection without an answer
    cut      bytes of the body after which the connection breaks off
    times    requests it lasts for; None until it is taken away
    """

    status: int | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    cut: int | None = None
    times: int | None = None


class ReplayServer:
    """Serves a recording over HTTP/1.1 in threads of its own, from start() to stop().

    start     the moment to begin at (aware); the default is LEAD_SECONDS before the first votes
    end       the moment to stay at; the default is the end of election night
    loop      begin again at the end
    alter     makes another body of one that is served, given its path and the moment
    port      0 takes a free one

    `clock` can be paused and moved; `troubles` maps a path after /returns/ (or "query" for every
    query, or "*" for everything below /returns/) to what goes wrong with it; `requests` counts
    requests by path. As a context manager it starts and stops.

    Raises OSError where the port cannot be had, ValueError for a speed not above 0.
    """

    def __init__(
        self,
        recording: Recording,
        speed: float = 60.0,
        start: datetime | None = None,
        *,
        end: datetime | None = None,
        loop: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
        alter: Callable[[str, bytes, datetime], bytes] | None = None,
    ) -> None:
        self.recording = recording
        self.alter = alter
        first_votes = recording.first_votes or recording.moments[0]
        self.clock = ReplayClock(
            start or first_votes - timedelta(seconds=LEAD_SECONDS * speed),
            end or recording.night_end,
            speed,
            loop=loop,
        )
        self.troubles: dict[str, Trouble] = {}
        self.requests: Counter[str] = Counter()
        self.stopping = Event()
        self._lock = Lock()
        self._zipped: dict[str, tuple[bytes, bytes]] = {}
        self._http = _HTTPServer((host, port), self)
        self._thread = Thread(
            target=self._http.serve_forever, args=(0.05,), name="replay", daemon=True
        )

    @property
    def url(self) -> str:
        """The address without /returns/, as FEED_URL wants it."""
        host, port = self._http.server_address[:2]
        return f"http://{host}:{port}"  # type: ignore[str-bytes-safe]

    def start(self) -> None:
        """Begin to answer; the clock has run since the server was made."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once, cutting off what is being answered."""
        self.stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.close_connections()
        self._http.server_close()

    def __enter__(self) -> "ReplayServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def trouble_of(self, key: str) -> Trouble | None:
        """The trouble of a request, which counts as one of its times."""
        with self._lock:
            for name in (key, "query" if key.startswith("query") else key, "*"):
                trouble = self.troubles.get(name)
                if trouble is None:
                    continue
                if trouble.times is not None:
                    trouble.times -= 1
                    if trouble.times <= 0:
                        del self.troubles[name]
                return trouble
        return None

    def count(self, key: str) -> None:
        """Note a request for a path after /returns/."""
        with self._lock:
            self.requests[key] += 1

    def zipped(self, key: str, body: bytes) -> bytes:
        """The body compressed; kept until the endpoint's body changes."""
        kept = self._zipped.get(key)
        if kept is None or kept[0] is not body:
            if len(self._zipped) > MOST_BODIES_KEPT:
                self._zipped.clear()
            kept = self._zipped[key] = (body, gzip.compress(body, 5, mtime=0))
        return kept[1]


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], replay: ReplayServer) -> None:
        self.replay = replay
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Wake the threads that wait on kept-alive connections, so that they end."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by the other side meanwhile

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    error_content_type = "application/json"
    error_message_format = '{"message": "%(message)s"}'
    server: _HTTPServer

    def do_GET(self) -> None:
        replay = self.server.replay
        moment = replay.clock.now()
        host = self.headers.get("Host") or replay.url.removeprefix("http://")
        made = answer(replay.recording, self.path, moment, f"http://{host}", replay.clock.speed)
        if replay.alter and made.key and made.status == HTTPStatus.OK:
            body = replay.alter(made.key, made.body, moment)
            made = Answer(made.status, body, made.content_type, made.key)
        trouble = None
        if made.key:
            replay.count(made.key)
            trouble = replay.trouble_of(made.key)
        if trouble is None:
            self._send(made, moment)
            return
        if trouble.delay and replay.stopping.wait(trouble.delay):
            trouble = Trouble(drop=True)
        if trouble.drop:
            self.close_connection = True
            return
        if trouble.status is not None:
            made = message(trouble.status, "Trouble of the rehearsal.", made.key)
        if trouble.body is not None:
            made = Answer(made.status, trouble.body, key=made.key)
        self._send(made, moment, trouble.headers, trouble.cut)

    do_HEAD = do_GET

    def __getattr__(self, name: str) -> Any:
        # Methods are looked up as do_<METHOD>: any but GET and HEAD is refused.
        if name.startswith("do_"):
            return self._refuse
        raise AttributeError(name)

    def _refuse(self) -> None:
        # What a refused request carries is not read, so the connection cannot be used again.
        self.close_connection = True
        made = message(HTTPStatus.METHOD_NOT_ALLOWED, f"{self.command} is not allowed.")
        headers = {"Allow": "GET, HEAD", "Connection": "close"}
        self._send(made, self.server.replay.clock.now(), headers)

    def _send(
        self,
        made: Answer,
        moment: datetime,
        headers: Mapping[str, str] | None = None,
        cut: int | None = None,
    ) -> None:
        replay = self.server.replay
        body = made.body
        lines = {
            # The replayed moment: to clients this is the feed's own clock.
            "Date": format_datetime(moment.astimezone(UTC), usegmt=True),
            "Content-Type": made.content_type,
            "X-Replay": f"{quote(replay.recording.slug)}; speed={replay.clock.speed:g}",
            "Vary": "Accept-Encoding",
        }
        if len(body) >= _GZIP_FROM_BYTES and self._takes_gzip():
            body = replay.zipped(made.key, body) if made.key else gzip.compress(body)
            lines["Content-Encoding"] = "gzip"
        lines["Content-Length"] = str(len(body))
        lines.update(headers or {})
        head = f"HTTP/1.1 {made.status:d} {responses.get(made.status, 'Unknown')}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        if cut is not None:
            body = body[:cut]
            self.close_connection = True
        if self.command == "HEAD" or made.status in (
            HTTPStatus.NO_CONTENT,
            HTTPStatus.NOT_MODIFIED,
        ):
            body = b""
        # One write: head and body in packets of their own would wait for each other.
        self.wfile.write(head.encode("latin-1") + b"\r\n" + body)

    def _takes_gzip(self) -> bool:
        codings = self.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
        return any(c == "gzip" or (c.startswith("gzip;q=") and c[7:] > "0") for c in codings)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a night has tens of thousands of requests."""
