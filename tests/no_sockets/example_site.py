"""Shows every page of the example site without sockets, in HTML and by the APIs.

Prints the paths of the pages, one a line. EXAMPLE_VAR is an empty folder; run it with -m.
"""

from __future__ import annotations

import django
from django.core.management import call_command
from django.test import Client


def main() -> None:
    call_command("demo", "--no-serve", verbosity=0)
    from wagtail import VERSION
    from wagtail.models import Page

    from tests.no_sockets.guard import no_sockets

    versions = ("v2", "v3") if VERSION >= (8, 0) else ("v2",)
    client = Client()
    with no_sockets():
        for page in Page.objects.live().filter(depth__gt=1):
            for path in (page.url, *(f"/api/{api}/pages/{page.pk}/" for api in versions)):
                answer = client.get(path, headers={"accept-language": page.locale.language_code})
                assert answer.status_code == 200, (path, answer.status_code)
            print("page:", page.url)


if __name__ == "__main__":
    django.setup()
    main()
