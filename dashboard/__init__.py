"""The Django project and everything a browser sees."""

from dashboard.celery import app as celery_app

__all__ = ("celery_app",)
