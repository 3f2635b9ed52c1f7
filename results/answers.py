"""Answers made once a version and kept in each web process, in the encodings clients ask for."""

import gzip
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

KEPT_BYTES = 64 * 1024 * 1024
"""What kept answers of one sort may take in a process; those of a whole election fit."""

COMPRESSED_FROM_BYTES = 200
"""Below this, compression makes an answer longer."""


@dataclass(frozen=True)
class BuiltAnswer:
    """One answer at one version; compressed when a client first asks for it so.

    etag     "" for an answer that is not to be asked for conditionally
    headers  sent besides those of the encoding
    """

    plain: bytes
    etag: str
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes it takes to keep, roughly: compressed it is a fraction of what it is plain."""
        return 1024 + len(self.plain) * 3 // 2

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.plain, 6, mtime=0)

    @cached_property
    def brotlied(self) -> bytes:
        return brotli.compress(self.plain, quality=5)

    def response(self, request: HttpRequest) -> HttpResponse:
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        asked = request.META.get("HTTP_IF_NONE_MATCH")
        body, encoding = self.plain, ""
        if accepted and len(self.plain) >= COMPRESSED_FROM_BYTES:
            if "br" in [part.split(";")[0].strip() for part in accepted.split(",")]:
                body, encoding = self.brotlied, "br"
            elif "gzip" in accepted:
                body, encoding = self.gzipped, "gzip"
        response: HttpResponse
        if asked and self.etag and self.is_held(asked):
            response = HttpResponseNotModified()
        else:
            response = HttpResponse(body, status=self.status, content_type=self.content_type)
            if encoding:
                response.headers["Content-Encoding"] = encoding
        for name, value in self.headers.items():
            response.headers[name] = value
        if self.etag:
            response.headers["ETag"] = self.etag
        # A reload asks again, and gets a 304 unless something changed.
        response.headers["Cache-Control"] = "public, max-age=1"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    def is_held(self, if_none_match: str) -> bool:
        """Whether a client that names these ETags has this answer already."""
        held = parse_etags(if_none_match)
        # Compared weakly (RFC 9110, 13.1.2): a proxy that compresses makes strong ETags weak.
        return held == ["*"] or self.etag.removeprefix("W/") in [
            tag.removeprefix("W/") for tag in held
        ]


class Kept:
    """The newest built answers, those not asked for the longest dropped first."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[tuple, BuiltAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple) -> BuiltAnswer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: tuple, answer: BuiltAnswer) -> None:
        with self._lock:
            self._drop(key)
            self._answers[key] = answer
            self._bytes += answer.size
            while self._bytes > self._most and len(self._answers) > 1:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: tuple) -> None:
        old = self._answers.pop(key, None)
        if old is not None:
            self._bytes -= old.size
