"""Runs the benchmarks named (all of them without names) and prints each ratio beside its bar."""

import os
import sys
import tempfile
from pathlib import Path

from dashboard.embedded import free_port, valkey_answers, valkey_command, valkey_url
from dashboard.supervisor import Supervisor


def main(wanted: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="live-returns-bench-") as name:
        folder = Path(name)
        port = free_port()
        environment = {
            **os.environ,
            "DEBUG": "0",
            "HTTPS": "0",
            "SECRET_KEY": "of-the-benchmarks-" + "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DATABASE_URL": f"sqlite:///{folder}/returns.sqlite3",
            "REDIS_URL": valkey_url(port),
            "CELERY_BROKER_URL": valkey_url(port),
            "STATIC_ROOT": str(folder / "static"),
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        }
        os.environ.update(environment)
        with Supervisor(folder, environment) as services:
            services.start("valkey", valkey_command(port, folder))
            services.wait_until(lambda: valkey_answers(port), "Valkey", 20)
            import django

            django.setup()
            from bench import live, pages, sweeps

            parts = {"live": live.run, "pages": pages.run, "sweeps": sweeps.run}
            unknown = set(wanted) - set(parts)
            if unknown:
                print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
                return 2
            print(f"{'what':66} {'measured':>9}  bar")
            for part in wanted or parts:
                for what, measured, bar in parts[part](services, folder):
                    print(f"{what:66} {measured:>9}  {bar}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
