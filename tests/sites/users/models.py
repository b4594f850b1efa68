"""A user with a department."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Django's, with a field more."""

    department = models.CharField(max_length=50, blank=True)
