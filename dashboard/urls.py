from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from dashboard.views.api import api
from dashboard.views.contests import contest, contests
from dashboard.views.counties import counties, county
from dashboard.views.health import healthz, readyz
from dashboard.views.overview import overview

# /live/<page>/<since> is answered by dashboard.middleware.LivePollMiddleware,
# /returns/... by results.returns_api.middleware.ReturnsMiddleware.
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", overview, name="overview"),
        path("api/", api, name="api"),
        path("contests/", contests, name="contests"),
        path("counties/", counties, name="counties"),
        path("counties/<slug:slug>/", county, name="county"),
        path("contests/<slug:slug>/", contest, name="contest"),
        prefix_default_language=False,
    ),
]
