"""`manage.py import_articles`: a folder of finished texts, or a WordPress export, as drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from wagtail.models import Locale

from anodyne_blocks.conf import page_model
from anodyne_blocks.management.base import ShopCommand
from anodyne_blocks.management.options import wrong
from anodyne_blocks.texts import UnreadableText
from anodyne_blocks.texts.importing import Found, Imported, import_text, in_export, in_folder
from anodyne_blocks.texts.placing import body_field


class Command(ShopCommand):
    """Exits with 0 when each text is a page, 1 when some were left out."""

    help = (
        "Imports finished texts as draft pages: a folder of HTML, Markdown and Word files with"
        " their pictures, or a WordPress export (.xml). Run it again after an interruption: a text"
        " that is a page already is passed over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="A folder, or an export's file.")
        parser.add_argument(
            "--parent", required=True, help="The page above: its id, or its path such as /en/."
        )
        parser.add_argument("--page-type", help="Such as magazine.ArticlePage, if there are more.")
        parser.add_argument("--language", help="The parent's translation in this language.")
        parser.add_argument(
            "--name", default="", help="What the folder is called for good; else its own name."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would become what.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["source"])
        parent = _parent(options["parent"], options["language"])
        model = _model(parent, options["page_type"])
        states = Counter[str]()
        try:
            for found in _found(path, options["name"]):
                result = import_text(
                    found, parent, model, body_field(model), dry_run=options["dry_run"]
                )
                states[result.state] += 1
                self._report(result, options["verbosity"])
        except UnreadableText as error:
            raise CommandError(f"{path}: {error}") from None
        told = [f"{states[state]} {state}" for state in ("new", "there already", "left out")]
        dry = " Nothing was stored." if options["dry_run"] else ""
        self.stdout.write(f"{', '.join(told)}.{dry}")
        if states["left out"]:
            raise CommandError("Not every text is a page; see above.", returncode=1)

    def _report(self, result: Imported, verbosity: int) -> None:
        if not verbosity:
            return
        which = f" page {result.page.pk}" if result.page is not None and result.page.pk else ""
        blocks = ", ".join(f"{count} {name}" for name, count in result.blocks.items())
        line = f"{result.name}: {result.state}{which}{f' ({blocks})' if blocks else ''}"
        self.stdout.write(line)
        for note in result.notes:
            self.stdout.write(f"  {note.reason} {note.words}".rstrip())


def _found(path: Path, name: str) -> Iterator[Found]:
    if path.is_dir():
        return in_folder(path, name)
    if path.is_file():
        return in_export(path)
    raise wrong(f"There is no folder or file {path}.")


def _parent(given: str, language: str | None) -> Any:
    pages = page_model().objects.filter(depth__gt=1)
    if given.isdecimal():
        found = pages.filter(pk=given).first()
    else:
        ends = f"/{given.strip('/')}/" if given.strip("/") else "/"
        named = [page for page in pages.filter(url_path__endswith=ends) if _is_at(page, ends)]
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise wrong(f"--parent {given!r} is no page, or several: give its id.")
    if language and found.locale.language_code != language:
        locale = Locale.objects.filter(language_code=language).first()
        found = found.get_translation_or_none(locale) if locale else None
        if found is None:
            raise wrong(f"--parent {given!r} has no translation in {language!r}.")
    return found.specific


def _is_at(page: Any, path: str) -> bool:
    """Whether a page's path below its site, or in the tree, is this one."""
    parts = page.get_url_parts()
    return path in (page.url_path, parts[2] if parts else "")


def _model(parent: Any, named: str | None) -> Any:
    """The model of the pages to make. `CommandError` that lists those there are."""
    possible = {
        model._meta.label: model
        for model in type(parent).creatable_subpage_models()
        if body_field(model) and model.can_create_at(parent)
    }
    known = ", ".join(possible) or "none"
    if named:
        for label, model in possible.items():
            if label.lower() == named.lower():
                return model
        raise wrong(f"--page-type {named!r} cannot be below this page. Known: {known}.")
    if len(possible) != 1:
        raise wrong(f"Name the --page-type. Known below this page: {known}.")
    return next(iter(possible.values()))
