"""The HTTP client of the feed: kept-alive, bounded, patient with faults, never endless."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import urllib3
from urllib3.util import Retry, Timeout, make_headers

USER_AGENT = "LiveReturns/1.0 (election results dashboard)"
MAX_BODY_BYTES = 32 * 1024 * 1024
"""Ten times the largest body of any recorded night; more is not a returns body."""
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
MAX_RETRY_AFTER_SECONDS = 15
"""A longer wait is left to the next sweep, so that one endpoint cannot hold up the others."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask again with: If-None-Match and If-Modified-Since."""

    etag: str = ""
    last_modified: str = ""

    def request_headers(self) -> dict[str, str]:
        headers = {}
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.last_modified:
            headers["If-Modified-Since"] = self.last_modified
        return headers


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one request.

    status     HTTP status; None where no answer came
    body       bytes of a 200; empty otherwise
    error      "" or what went wrong, in words
    feed_time  the answer's Date header: the feed's own clock (aware, UTC), or None
    """

    path: str
    fetched_at: datetime
    milliseconds: int
    status: int | None = None
    body: bytes = b""
    error: str = ""
    feed_time: datetime | None = None
    validators: Validators = field(default_factory=Validators)

    @property
    def ok(self) -> bool:
        return not self.error

    @property
    def not_modified(self) -> bool:
        return self.status == 304


class FeedClient:
    """Fetches paths below `<base_url>/returns/`.

    base_url     the part before /returns/, as in FEED_URL
    timeout      seconds to connect, and again between two pieces of an answer
    concurrency  connections open at once
    attempts     tries of one request, the first included
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        concurrency: int = 8,
        attempts: int = 3,
        backoff: float = 0.3,
    ) -> None:
        self._base = base_url.rstrip("/") + "/returns/"
        self._concurrency = concurrency
        retries = attempts - 1
        self._pool = urllib3.PoolManager(
            maxsize=concurrency,
            block=True,
            timeout=Timeout(connect=min(timeout, 5.0), read=timeout),
            retries=Retry(
                total=retries,
                connect=retries,
                # A slow answer costs the whole time-out, so it is tried once more at the most.
                read=min(retries, 1),
                status=retries,
                redirect=2,
                backoff_factor=backoff,
                backoff_jitter=backoff,
                backoff_max=5,
                status_forcelist=RETRIED_STATUSES,
                retry_after_max=MAX_RETRY_AFTER_SECONDS,
                raise_on_status=False,
            ),
            headers={
                **make_headers(accept_encoding=True, user_agent=USER_AGENT),
                "Accept": "application/json",
            },
        )

    def fetch(self, path: str, validators: Validators | None = None) -> Fetched:
        """One request. Never raises for what the network or the server does: see `error`."""
        started = time.perf_counter()
        status, body, error = None, b"", ""
        feed_time: datetime | None = None
        given = Validators()
        try:
            headers = {**self._pool.headers, **(validators or Validators()).request_headers()}
            response = self._pool.request("GET", self._base + path, headers=headers)
            status = response.status
            feed_time = _http_date(response.headers.get("Date"))
            if status == 200:
                body = response.data
                given = Validators(
                    response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
                )
                if len(body) > MAX_BODY_BYTES:
                    error = f"the body has {len(body):,} bytes, over {MAX_BODY_BYTES:,}"
                    body = b""
            elif status != 304:
                error = f"HTTP {status} {response.reason or ''}".strip()
        except urllib3.exceptions.HTTPError as fault:
            error = _in_words(fault)
        return Fetched(
            path=path,
            fetched_at=datetime.now(UTC),
            milliseconds=round((time.perf_counter() - started) * 1000),
            status=status,
            body=body,
            error=error,
            feed_time=feed_time,
            validators=given,
        )

    def fetch_all(
        self,
        paths: Iterable[str],
        *,
        validators: Mapping[str, Validators] | None = None,
        seconds: float = 45.0,
        on_fetched: Callable[[Fetched], None] | None = None,
    ) -> list[Fetched]:
        """Every path, in the order given, a few at once.

        After `seconds` those not yet begun fail without being asked, so that a dead feed cannot
        outlast a task's time limit. on_fetched is called in this thread as answers are taken up.
        """
        until = time.monotonic() + seconds
        known = validators or {}

        def one(path: str) -> Fetched:
            if time.monotonic() > until:
                return Fetched(
                    path, datetime.now(UTC), 0, error=f"not asked: {seconds:g} s were up"
                )
            return self.fetch(path, known.get(path))

        results = []
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="feed") as threads:
            for fetched in threads.map(one, paths):
                if on_fetched is not None:
                    on_fetched(fetched)
                results.append(fetched)
        return results

    def close(self) -> None:
        self._pool.clear()


def _http_date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _in_words(fault: urllib3.exceptions.HTTPError) -> str:
    """The innermost reason of a fault, without the library's own wrapping."""
    reason: BaseException = fault
    while True:
        inner = getattr(reason, "reason", None)
        if not isinstance(inner, BaseException):
            break
        reason = inner
    names = {
        "ConnectTimeoutError": "timed out connecting",
        "ReadTimeoutError": "timed out waiting for the answer",
        "NewConnectionError": "connection refused or host unreachable",
        "NameResolutionError": "the host's name cannot be resolved",
        "IncompleteRead": "the answer broke off",
        "ProtocolError": "the connection broke",
        "SSLError": "the secure connection failed",
        "DecodeError": "the answer's compression is broken",
    }
    words = names.get(type(reason).__name__, type(reason).__name__)
    return f"{words} ({reason})"
