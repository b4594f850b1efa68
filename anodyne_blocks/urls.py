"""Addresses that the package serves: `path("anodyne/", include("anodyne_blocks.urls"))`."""

from django.urls import path

from anodyne_blocks.api.products import products
from anodyne_blocks.catalogue.webhooks import webhook

app_name = "anodyne_blocks"

urlpatterns = [
    path("products/", products, name="products"),
    path("webhooks/<slug:shop>/", webhook, name="webhook"),
]
