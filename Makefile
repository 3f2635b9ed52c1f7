# The commands of README.md. Everything is installed into .venv; nothing else is touched.

PYTHON ?= python3
PORT ?= 8000
SPEED ?= 60

BIN := .venv/bin
RUN := $(BIN)/python
PIP := $(RUN) -m pip --quiet --quiet --disable-pip-version-check install

# Two at once, each with servers and a database of its own.
AT_ONCE := --numprocesses 2 --dist worksteal

.PHONY: demo test bench lint format check clean

# DEBUG is for the supervisor alone, which needs no secret; the demo itself runs without it.
demo: export DEBUG = 1
demo: .venv/.runtime
	@$(RUN) manage.py demo --port $(PORT) --speed $(SPEED)

# The database tests on PostgreSQL first, then everything on SQLite.
test: .venv/.development
	TEST_DATABASE=postgres $(RUN) -m pytest --quiet $(AT_ONCE)
	$(RUN) -m pytest $(AT_ONCE)

bench: .venv/.development
	$(RUN) -m bench

lint: .venv/.development
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	SECRET_KEY=lint $(RUN) -m mypy

format: .venv/.development
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# What a production machine would complain about.
check: .venv/.development
	SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(64))') HTTPS=1 \
		$(RUN) manage.py check --deploy --fail-level WARNING
	SECRET_KEY=check $(RUN) manage.py makemigrations --check --dry-run

clean:
	rm -rf .venv .demo .mypy_cache .pytest_cache .ruff_cache .hypothesis staticfiles

# The stamps are touched last, so that an install that was broken off is begun again.
.venv/.runtime: requirements.txt .venv/.made
	@echo "Installing what the service needs into .venv (once)"
	@$(PIP) --requirement requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	@echo "Installing what the tests need into .venv (once)"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@
