from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import path

from dashboard.views import elections
from dashboard.views.about import PagesSitemap, about, robots
from dashboard.views.api import api
from dashboard.views.board import board, logo
from dashboard.views.contests import contest, contests, share_picture, updates
from dashboard.views.counties import counties, county
from dashboard.views.embed import embed, oembed
from dashboard.views.health import healthz, readyz
from dashboard.views.my_races import my_races
from dashboard.views.overview import overview
from dashboard.views.rehearsal import rehearsal

# /live/<page>/<since> is answered by dashboard.middleware.LivePollMiddleware,
# /returns/... by results.returns_api.middleware.ReturnsMiddleware.
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("oembed", oembed, name="oembed"),
    path("rehearsal/<slug:slug>/", rehearsal, name="rehearsal"),
    path("rehearsal/<slug:slug>/<path:rest>", rehearsal, name="rehearsal-page"),
    # A board's language is the board's own.
    path("board/<slug:slug>/", board, name="board"),
    path("board/<slug:slug>/logo", logo, name="board-logo"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PagesSitemap}}, name="sitemap"),
    path("contests/<slug:slug>/updates.csv", updates, name="contest-updates"),
    *i18n_patterns(
        path("", overview, name="overview"),
        path("about/", about, name="about"),
        path("api/", api, name="api"),
        path("my/", my_races, name="my-races"),
        path("contests/<slug:slug>/share.png", share_picture, name="share-image"),
        path("contests/", contests, name="contests"),
        path("counties/", counties, name="counties"),
        path("counties/<slug:slug>/", county, name="county"),
        path("embed/<slug:slug>/", embed, name="embed"),
        path("contests/<slug:slug>/", contest, name="contest"),
        path("elections/", elections.elections, name="elections"),
        path("elections/<slug:slug>/", elections.overview, name="kept-overview"),
        path("elections/<slug:slug>/contests/", elections.contests, name="kept-contests"),
        path(
            "elections/<slug:slug>/contests/<slug:contest_slug>/",
            elections.contest,
            name="kept-contest",
        ),
        path("elections/<slug:slug>/counties/", elections.counties, name="kept-counties"),
        path(
            "elections/<slug:slug>/counties/<slug:county_slug>/",
            elections.county,
            name="kept-county",
        ),
        prefix_default_language=False,
    ),
]
