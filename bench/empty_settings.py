"""The least that Django can do: no middleware, one view, one constant."""

import os

SECRET_KEY = "of-the-benchmarks"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.empty"
MIDDLEWARE: list[str] = []
CONSTANT_BYTES = int(os.environ.get("CONSTANT_BYTES", "0"))
