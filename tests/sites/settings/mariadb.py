"""On MariaDB."""

import os

import pymysql

from tests.sites.settings.base import *  # noqa: F403

# As a site does that has it in place of mysqlclient.
pymysql.install_as_MySQLdb()

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": f"anodyne_blocks_sites_{os.getpid()}",
        "USER": os.environ.get("MYSQL_USER", "root"),
        "HOST": os.environ.get("MYSQL_HOST", "127.0.0.1"),
        "PORT": os.environ.get("MYSQL_PORT", "3306"),
    }
}
