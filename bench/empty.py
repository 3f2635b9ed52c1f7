"""An empty view that answers a constant, and its application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.empty_settings"
application = get_wsgi_application()

BODY = os.urandom(settings.CONSTANT_BYTES)
STATUS = 200 if BODY else 204


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, status=STATUS)


urlpatterns = [re_path("", constant)]
