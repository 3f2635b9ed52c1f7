from django.contrib.admin.apps import AdminConfig


class NewsroomAdminConfig(AdminConfig):
    """Django admin with the newsroom's own site."""

    # Outside of results.admin, which registers with this site while it is imported.
    default_site = "dashboard.admin_site.NewsroomSite"
