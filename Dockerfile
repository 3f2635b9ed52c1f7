# One image for web, worker, beat and migrations: docker-compose.yml gives each its command.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt /tmp/
RUN /venv/bin/pip install --quiet --requirement /tmp/requirements.txt
COPY . /app
WORKDIR /app
# No secret is in the image: collecting static files needs a key, but does not use it.
RUN SECRET_KEY=while-building STATIC_ROOT=/static \
    /venv/bin/python manage.py collectstatic --noinput --verbosity=0

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/static
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent returns
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
WORKDIR /app
USER returns
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "12", "--respawn-failed-workers", \
     "--workers-kill-timeout", "5", \
     "dashboard.wsgi:application"]
