"""Pictures of products: imported into Wagtail's image library, once a product is placed on a page.

A catalogue of 100,000 products brings no image by itself. What fails is noted at the product, and
tried again a day later at the earliest.
"""

from __future__ import annotations

import datetime
import logging
import struct
import time
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import PIL.Image
import willow
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.utils.file import hash_filelike

from anodyne_blocks import conf
from anodyne_blocks.article.images import image_element
from anodyne_blocks.catalogue.usage import placed_products
from anodyne_blocks.models import AbstractProduct, get_product_model
from anodyne_blocks.shops import ShopError
from anodyne_blocks.shops.http import HttpClient

logger = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
TOTAL_SECONDS = 20.0
# With the last picture still far below the time that queues allow a task (RQ: 180 s).
BUDGET_SECONDS = 60.0
RETRY_AFTER = datetime.timedelta(days=1)
# What Pillow and XML parsers raise for a file that is cut off, or something else.
_BROKEN_FILE = (
    EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
# The same for a picture of far more pixels than any that is meant to be shown.
_TOO_LARGE = (
    MemoryError, OverflowError, PIL.Image.DecompressionBombError,
    PIL.Image.DecompressionBombWarning,
)  # fmt: skip
_GPS = 0x8825


class UnusableImage(Exception):
    """What came is no image that the library takes; the text says why, for the editor."""


def without_image(products: QuerySet[AbstractProduct]) -> QuerySet[AbstractProduct]:
    """Those of the products whose picture is still to be imported, and may be tried now."""
    rested = Q(image_tried_at=None) | Q(image_tried_at__lt=timezone.now() - RETRY_AFTER)
    return products.filter(rested, image=None).exclude(image_url="")


def import_placed(limit: int = 100) -> int:
    """Import what products on pages still lack; gives the number of pictures imported.

    For runs in the background (cron): at most `limit` products.
    """
    waiting = without_image(get_product_model().objects.filter(pk__in=placed_products()))
    return import_images(list(waiting.values_list("pk", flat=True)[:limit]))


def import_images(ids: Iterable[int]) -> int:
    """Import pictures of products, one after the other; gives the number of those that came.

    What is not begun within `BUDGET_SECONDS` is left to the next run of `import_placed`.
    """
    end = time.monotonic() + BUDGET_SECONDS
    came = 0
    for pk in ids:
        if time.monotonic() >= end:
            break
        # Each just before its download: a worker that is killed loses one picture for a day.
        this = get_product_model().objects.filter(pk=pk)
        if without_image(this).update(image_tried_at=timezone.now()):
            came += import_image(pk)
    return came


def import_image(product_id: int) -> bool:
    """Fetch a product's picture and put it into the library; False where that failed.

    An image of the same content that the library has already is used again. Never raises for what
    a shop sends: the reason is logged, and kept in `Product.image_error`.
    """
    product = get_product_model().objects.filter(pk=product_id, image=None).first()
    if product is None or not product.image_url:
        return False
    try:
        image = in_library(_download(product), product.name, of_product=product.pk)
    # The storage may be full, or away.
    except (ShopError, UnusableImage, OSError) as error:
        product.image_error = str(error)[:300]
        product.image_tried_at = timezone.now()
        product.save(update_fields=["image_error", "image_tried_at"])
        logger.warning("The picture of product %s was not imported: %s", product.pk, error)
        return False
    # All sizes now, so that the first reader need not wait for them.
    image_element(image, "product", "")
    with transaction.atomic():
        # An editor may have chosen one meanwhile, which stays.
        rows = get_product_model().objects.select_for_update()
        still_lacks = rows.filter(pk=product.pk, image=None)
        product = still_lacks.first()
        if product is None:
            return False
        product.image = image
        product.image_error = ""
        product.save(update_fields=["image", "image_error"])
    return True


def _download(product: AbstractProduct) -> BytesIO:
    options: dict[str, Any] = conf.get("SHOPS").get(product.shop, {}).get("OPTIONS", {})
    file = BytesIO()
    with HttpClient(
        headers={"Accept": "image/*"},
        # A shop on a private network has its pictures there too.
        allow_private=bool(options.get("allow_private")),
        allow_hosts=options.get("allow_hosts", ()),
        max_redirects=3,
        max_bytes=MAX_BYTES,
        total=TOTAL_SECONDS,
        retries=1,
    ) as client:
        client.download(product.image_url, file)
    file.seek(0)
    return file


def known_image(file: Any) -> Any:
    """The library's image with the content of an open file, or None."""
    return get_image_model().objects.filter(file_hash=hash_filelike(file)).first()


def image_of_file(file: UploadedFile[Any], title: str, **fields: Any) -> Any:
    """An image for the library of a file that was checked; not yet saved."""
    return get_image_model()(
        title=title[:255],
        file=file,
        file_size=file.size,
        file_hash=hash_filelike(file),
        **fields,
    )


def in_library(file: BytesIO, title: str, of_product: Any = None, **fields: Any) -> Any:
    """The library's image with this content; made if need be, with `fields`. `UnusableImage`.

    A file that a worker has left which was killed before its image was stored is not left over.
    """
    known = known_image(file)
    if known is not None:
        return known
    image = image_of_file(_checked(file, title), title, **fields)
    try:
        image.full_clean()
    except ValidationError as error:
        raise UnusableImage(" ".join(error.messages)) from None
    if of_product is not None:
        stem, _dot, kind = image.file.name.rpartition(".")
        # Of one product and content: nobody else puts a file there.
        image.file.name = f"{stem}-{of_product}-{image.file_hash[:8]}.{kind}"
        path = image.file.field.generate_filename(image, image.file.name)
        if not get_image_model().objects.filter(file=path).exists():
            image.file.storage.delete(path)
    image.save()
    return image


def _checked(file: BytesIO, title: str) -> SimpleUploadedFile:
    """The file under a name of its own and without its place, if the library takes what is in it.

    Its size is read before any pixel is: a few kilobytes may name more pixels than memory holds.
    """
    file.seek(0)
    start = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<") and b"<svg" not in start:
        raise UnusableImage(gettext("This address answers with a web page, not with an image."))
    file.seek(0)
    try:
        kind = willow.Image.open(file).format_name
        if kind == "svg":
            # A stranger's drawing may hold scripts.
            raise UnusableImage(gettext("Drawings (SVG) are not taken from shops."))
        if kind not in ("heic", "ico"):
            file = _without_place(file, kind)
        name = f"{slugify(title)[:60] or 'product'}.{'jpg' if kind == 'jpeg' else kind}"
        uploaded = SimpleUploadedFile(name, file.getvalue(), f"image/{kind}")
        return WagtailImageField().clean(uploaded)
    except ValidationError as error:
        raise UnusableImage(" ".join(error.messages)) from None
    except _TOO_LARGE:
        raise UnusableImage(gettext("The image has too many pixels.")) from None
    except _BROKEN_FILE:
        raise UnusableImage(gettext("There is no image at this address.")) from None


def _without_place(file: BytesIO, kind: str) -> BytesIO:
    """The picture without the place where it was taken; `MemoryError` where it is too large."""
    file.seek(0)
    picture = PIL.Image.open(file)
    frames = getattr(picture, "n_frames", 1)
    if picture.width * picture.height * frames > conf.get("IMPORTED_PIXELS"):
        raise MemoryError
    exif = picture.getexif()
    if frames > 1 or (_GPS not in exif and b"exif:GPS" not in file.getvalue()):
        return file
    if _GPS in exif:
        del exif[_GPS]
    cleaned = BytesIO()
    options = {"quality": "keep"} if kind == "jpeg" else {"quality": 90}
    # What is not named here is left out, also XMP, which may tell the place again.
    profile = picture.info.get("icc_profile")
    picture.save(cleaned, picture.format, exif=exif, icc_profile=profile, **options)
    return cleaned
