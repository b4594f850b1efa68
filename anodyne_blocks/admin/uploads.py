"""A picture that is uploaded where a person or product is made, for who may add images."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.images.fields import WagtailImageField
from wagtail.images.models import Image
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from anodyne_blocks.admin.new_forms import NewForm
from anodyne_blocks.catalogue.pictures import image_of_file, known_image

# All that an upload gives an image of the library.
GIVEN = ("title", "file")


class PictureForm(NewForm):
    """With an upload for the model's `picture_field`, where the user may add images."""

    picture_field: ClassVar[str]

    picture = WagtailImageField(label=_("Image"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collection = None
        if self.picture_field not in self.fields and _needs_no_more():
            self.collection = collection_for(self.for_user)
        picture = self.fields.pop("picture")
        if self.collection is not None:
            # Last, as it may take a while to find.
            self.fields["picture"] = picture

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        file = cleaned.get("picture")
        if file:
            image = known_image(file)
            if image is None:
                title = str(cleaned.get(self._meta.fields[0]) or file.name)
                image = image_of_file(
                    file, title, uploaded_by_user=self.for_user, collection=self.collection
                )
                try:
                    image.full_clean()
                except ValidationError as error:
                    self.add_error("picture", ValidationError(error.messages))
            cleaned["picture"] = image
        return cleaned

    def save(self, commit: bool = True) -> Any:
        image = self.cleaned_data.get("picture")
        if image:
            if image.pk is None:
                image.save()
            setattr(self.instance, self.picture_field, image)
        return super().save(commit)


def collection_for(user: Any) -> Any:
    """Where the user may add images, or None."""
    policy = CollectionOwnershipPermissionPolicy(
        get_image_model(), auth_model=Image, owner_field_name="uploaded_by_user"
    )
    return policy.collections_user_has_permission_for(user, "add").first()


def _needs_no_more() -> bool:
    """Whether an image of the site's library is complete with a title and a file."""
    fields = get_image_model()._meta.concrete_fields
    return all(
        field.name in GIVEN or not field.editable or field.blank or field.has_default()
        for field in fields
    )
