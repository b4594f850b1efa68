"""Addresses of the example site: a folder for each language, /admin/, /api/, /headless/ …"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.staticfiles.views import serve as serve_static
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve
from wagtail import VERSION
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import urls as wagtaildocs_urls

from anodyne_blocks.api.graphql_view import BoundedGraphQLView
from anodyne_blocks.api.views import ArticlesAPIViewSet
from example_site.magazine.files import kept
from example_site.magazine.preview import PreviewAPIViewSet
from example_site.styleguide.views import styleguide

api_v2 = WagtailAPIRouter("api_v2")
api_v2.register_endpoint("pages", ArticlesAPIViewSet)
api_v2.register_endpoint("page_preview", PreviewAPIViewSet)

api_v3 = []
if VERSION >= (8, 0):
    from wagtail.api.v3.urls import api

    from anodyne_blocks.api.v3_router import router

    api.add_router("/elements/", router)
    api_v3 = [path("api/v3/", api.urls)]

# The front end of example_site/headless: its page, and its scripts where the compiler put them.
headless = [
    path(
        "headless/",
        serve,
        {"document_root": settings.BASE_DIR / "headless", "path": "index.html"},
    ),
    re_path(
        r"^headless/(?P<path>[\w/]+\.js)$", serve, {"document_root": settings.VAR_DIR / "headless"}
    ),
]

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v2/", api_v2.urls),
    *api_v3,
    path("api/graphql/", csrf_exempt(BoundedGraphQLView.as_view())),
    path("anodyne/", include("anodyne_blocks.urls")),
    *headless,
    # An image's file never changes: another gets another name.
    re_path(r"^media/(?P<path>.*)$", kept(serve, 365), {"document_root": settings.MEDIA_ROOT}),
    re_path(r"^static/(?P<path>.*)$", kept(serve_static, 1), {"insecure": True}),
    *i18n_patterns(path("styleguide/", styleguide), path("", include(wagtail_urls))),
]
