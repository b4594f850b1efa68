"""Whether sources are dead, moved or retracted: asked politely, each now and then.

One worker at a time asks a server, and leaves it a pause; both are in the database, so that any
number of workers may run.
"""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from anodyne_blocks import __version__, clock, conf
from anodyne_blocks.catalogue.source_uses import listed
from anodyne_blocks.models import SourceCheck, SourceHost
from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.shops.http import HttpClient, HttpError, Reply
from anodyne_blocks.sources.identifiers import doi_url, pubmed_id_of
from anodyne_blocks.sources.standing import (
    DOI,
    archived_copy,
    is_elsewhere,
    pubmed_retracted_by,
    retracted_by,
)

__all__ = ["check_due", "due"]

# What is known of a DOI; whether there is one at all, which the publisher need not be asked.
CROSSREF = "https://api.crossref.org/works/{}"
HANDLES = "https://doi.org/api/handles/{}"
PUBMED = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esummary.fcgi?db=pubmed&retmode=json&id={}"
ARCHIVE = "https://archive.org/wayback/available?url={}"

PAUSE = datetime.timedelta(seconds=1)
# A server that does not answer, or asks for patience, is left alone.
AFTER_SILENCE = datetime.timedelta(hours=1)
LONGEST_PAUSE = datetime.timedelta(days=1)
# A turn of another worker is waited for so long.
PATIENCE = datetime.timedelta(seconds=5)
# Longer than a check can take; what a killed worker held is free again then.
LEASE = datetime.timedelta(minutes=3)
# After a failure, and of what is dead: it may come back.
AGAIN = datetime.timedelta(days=1)
AGAIN_DEAD = datetime.timedelta(days=7)
_GONE = frozenset({404, 410})
# The columns of a check that an answer may change.
_FOUND = """status code reason moved_to notice archived failed_on checked_at due_at""".split()

Status = SourceCheck.Status


class Busy(Exception):
    """A server is not to be asked before `until`."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__()
        self.until = until


@dataclass(frozen=True)
class Finding:
    """What the answers say of one reference. `is_failure`: its server failed, or was silent."""

    status: Status
    code: int | None = None
    reason: str = ""
    moved_to: str = ""
    notice: str = ""
    is_failure: bool = False


def client() -> HttpClient:
    """One try: what fails is asked again another day."""
    return HttpClient(
        headers={"User-Agent": user_agent()},
        max_redirects=5,
        total=20,
        retries=0,
        max_bytes=2 * 1024 * 1024,
    )


def user_agent() -> str:
    """Who asks, and whom to write to about it."""
    contact = conf.get("SOURCES_CONTACT") or getattr(settings, "WAGTAILADMIN_BASE_URL", None) or ""
    contact = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    return f"anodyne_blocks/{__version__}" + (f" (+{contact})" if contact else "")


def check_due(*, limit: int | None = None, budget_seconds: float | None = None) -> Counter[str]:
    """Check the sources of live pages that are due; {status: number of those checked}.

    `limit` sources or `budget_seconds` end it earlier; what was begun is ended, or broken off 30
    seconds later. What is not reached stays due.
    """
    results: Counter[str] = Counter()
    end = float("inf") if budget_seconds is None else time.monotonic() + budget_seconds
    with client() as http:
        http.end_by = end + 30
        asker = Asker(http)
        while (limit is None or results.total() < limit) and time.monotonic() < end:
            claimed = _claim()
            if claimed is None:
                break
            if status := _check(asker, *claimed):
                results[status] += 1
    return results


def due() -> QuerySet[SourceCheck]:
    """The sources of live pages that are due, the first one first."""
    return listed().filter(due_at__lte=timezone.now()).order_by("due_at", "pk")


def _claim() -> tuple[SourceCheck, datetime.datetime] | None:
    """The source that has been due longest, held by this worker, and since when it was due."""
    while check := due().first():
        was_due = check.due_at
        mine = SourceCheck.objects.filter(pk=check.pk, due_at=was_due)
        if mine.update(due_at=timezone.now() + LEASE):
            return check, was_due
    return None


def _check(asker: Asker, check: SourceCheck, was_due: datetime.datetime) -> str:
    """Ask about a source and store the answer; its status, "" where it is put off."""
    try:
        finding = asker.find(check.reference)
        if finding.is_failure:
            finding = _judged(asker, check, finding)
        else:
            check.failed_on = None
        if finding.status is Status.DEAD and not check.archived:
            check.archived = asker.archived(check.reference) or ""
    except Busy as busy:
        SourceCheck.objects.filter(pk=check.pk).update(due_at=busy.until)
        return ""
    except BaseException:
        # Somebody ends the run, or something broke: it stays due.
        SourceCheck.objects.filter(pk=check.pk).update(due_at=was_due)
        raise
    _store(check, finding)
    return check.status


def _judged(asker: Asker, check: SourceCheck, finding: Finding) -> Finding:
    """Dead is what failed on another day, too, while others answered: it may be our own network."""
    if finding.code is None and asker.archived(check.reference) is None:
        return finding
    today = clock.today()
    if check.failed_on and check.failed_on < today:
        return Finding(Status.DEAD, finding.code, finding.reason)
    check.failed_on = today
    return finding


def _store(check: SourceCheck, finding: Finding) -> None:
    now = timezone.now()
    check.reason = finding.reason[:300]
    # What was retracted, or dead, stays so while nobody answers.
    if finding.status is not Status.UNKNOWN or check.status not in SourceCheck.FAULTS:
        check.status = finding.status
        check.code = finding.code
        check.moved_to = finding.moved_to
        check.notice = finding.notice[:255]
        check.checked_at = now
        if finding.status is not Status.DEAD:
            check.archived = ""
    wait = datetime.timedelta(days=conf.get("SOURCES_CHECK_DAYS"))
    if finding.status is Status.DEAD:
        wait = min(AGAIN_DEAD, wait)
    elif finding.status is Status.UNKNOWN and (finding.code in (None, 429) or finding.code >= 500):
        wait = min(AGAIN, wait)
    check.due_at = now + wait
    values = {name: getattr(check, name) for name in _FOUND}
    SourceCheck.objects.filter(pk=check.pk).update(**values)


@dataclass
class Asker:
    """Asks servers in turn; `sleep` waits so many seconds."""

    http: HttpClient
    sleep: Callable[[float], None] = time.sleep

    def find(self, reference: str) -> Finding:
        """What is found out about a reference. `Busy` where a server is to be left alone."""
        if reference.startswith(DOI):
            return self._doi(reference.removeprefix(DOI))
        if pubmed_id := pubmed_id_of(reference):
            return self._pubmed(pubmed_id, reference)
        return self._address(reference)

    def archived(self, reference: str) -> str | None:
        """The address of an archived copy; "" where there is none, None for no answer."""
        url = doi_url(reference.removeprefix(DOI)) if reference.startswith(DOI) else reference
        try:
            return archived_copy(self._ask(self.http.get_json, ARCHIVE.format(quote(url, safe=""))))
        except (ShopError, Busy):
            return None

    def _address(self, url: str) -> Finding:
        try:
            try:
                reply: Reply = self._ask(self.http.head, url)
            except HttpError:
                # Many servers answer HEAD wrongly, or not at all.
                reply = self._ask(self.http.get, url)
        except HttpError as error:
            return _of_error(error)
        except ShopError:
            return Finding(Status.UNKNOWN, reason="The address is not public, or cannot be used.")
        if reply.moved_to and is_elsewhere(url, reply.moved_to):
            return Finding(Status.MOVED, moved_to=reply.moved_to)
        return Finding(Status.OK)

    def _doi(self, doi: str) -> Finding:
        name = quote(doi, safe="")
        try:
            answer = self._ask(self.http.get_json, CROSSREF.format(name))
            work = answer.get("message") if isinstance(answer, dict) else None
            notice = retracted_by(work)
            return Finding(Status.OK if notice is None else Status.RETRACTED, notice=notice or "")
        except HttpError as error:
            if error.status not in _GONE:
                return Finding(Status.UNKNOWN, error.status, str(error))
        # Other registries have it, or none.
        try:
            self._ask(self.http.get_json, HANDLES.format(name))
        except HttpError as error:
            status = Status.DEAD if error.status == 404 else Status.UNKNOWN
            return Finding(status, error.status, str(error))
        return Finding(Status.OK)

    def _pubmed(self, pubmed_id: str, url: str) -> Finding:
        try:
            answer = self._ask(self.http.get_json, PUBMED.format(pubmed_id))
            notice = pubmed_retracted_by(pubmed_id, answer)
        except HttpError as error:
            return Finding(Status.UNKNOWN, error.status, str(error))
        except LookupError:
            return self._address(url)
        return Finding(Status.OK if notice is None else Status.RETRACTED, notice=notice or "")

    def _ask(self, method: Callable[[str], Any], url: str) -> Any:
        """What `method` makes of an address, in this worker's turn at its server."""
        host, pause = self._take(url), PAUSE
        try:
            return method(url)
        except HttpError as error:
            if error.retry_after:
                pause = min(datetime.timedelta(seconds=error.retry_after), LONGEST_PAUSE)
            elif error.status is None and method != self.http.head:
                pause = AFTER_SILENCE
            raise
        finally:
            host.update(free_at=timezone.now() + pause)

    def _take(self, url: str) -> Any:
        """The row of an address's server, held; `Busy` where that would take long."""
        name = (urlsplit(url).hostname or "")[:255]
        host = SourceHost.objects.filter(pk=SourceHost.objects.get_or_create(name=name)[0].pk)
        give_up = timezone.now() + PATIENCE
        while not host.filter(free_at__lte=timezone.now()).update(free_at=timezone.now() + LEASE):
            free_at = host.values_list("free_at", flat=True).get()
            now = timezone.now()
            if max(free_at, now) > give_up:
                raise Busy(free_at)
            self.sleep(max((free_at - now).total_seconds(), 0.01))
        return host


def _of_error(error: HttpError) -> Finding:
    if error.status in _GONE:
        return Finding(Status.DEAD, error.status)
    if error.status is not None and error.status < 400:
        # More than is read, or packed in another way: it is there.
        return Finding(Status.OK)
    is_failure = error.status is None or error.status >= 500
    return Finding(Status.UNKNOWN, error.status, str(error), is_failure=is_failure)
