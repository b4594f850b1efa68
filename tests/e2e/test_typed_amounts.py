"""A price as an editor types it, in the admin of each language and in browsers of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.site import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

PRODUCTS = "/admin/snippets/anodyne_blocks/product/"
# In a number's input the decimal sign is the browser's, and what it does not know is dropped.
ADMINS = [("sv", "en-US"), ("en", "nl-NL"), ("ar", "nl-NL")]


def choose_language(browser: Browser, origin: str, language: str) -> None:
    """Make a language that of the editor's admin; "" for the site's own.

    Without `open_page`: the account's form logs an error for time zones that a browser lacks.
    """
    page = browser.new_page()
    log_in(page, origin)
    page.goto(f"{origin}/admin/account/")
    page.fill("[name=name_email-first_name]", "Ed")
    page.fill("[name=name_email-last_name]", "Itor")
    page.locator("[name=locale-preferred_language]").select_option(language)
    save(page)
    assert page.locator(".error-message:visible").count() == 0
    page.close()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("form [type=submit]:visible").last.click()


@pytest.mark.parametrize(("language", "locale"), ADMINS)
def test_a_typed_price_is_the_stored_price(
    open_page: OpenPage, browser: Browser, origin: str, language: str, locale: str
) -> None:
    choose_language(browser, origin, language)
    page = open_page("/admin/login/", locale=locale)
    log_in(page, origin)
    name = f"Footrest {language}"
    point = "." if language in ("en", "ar") else ","
    page.goto(f"{origin}{PRODUCTS}add/")
    page.fill("[name=name]", name)
    page.click("#id_offers-ADD")
    page.locator("[name=offers-0-market]").select_option("nl")
    page.fill("[name=offers-0-title]", "Voetsteun")
    price = page.locator("[name=offers-0-price]")
    # Key by key: a field of numbers would take the digits and drop the comma.
    price.press_sequentially("26,50")
    save(page)
    page.get_by_role("link", name=name).first.click()
    assert price.input_value() == f"26{point}50"
    # Left to the market, and filled in.
    assert page.input_value("[name=offers-0-currency]") == "EUR"
    price.fill("2650")
    save(page)
    question = page.locator(".error-message:visible")
    assert f"26{point}50" in question.inner_text()
    # Read out with the field, which keeps what was typed.
    described = page.locator(f"#{price.get_attribute('aria-describedby')}")
    assert f"26{point}50" in described.inner_text()
    assert price.input_value() == "2650"
    save(page)
    assert page.url.rstrip("/").endswith("/product")
    page.get_by_role("link", name=name).first.click()
    assert price.input_value() == f"2650{point}00"
    # The site and its editor are those of other tests too.
    number = page.url.split("/edit/")[1].strip("/")
    page.goto(f"{origin}{PRODUCTS}delete/{number}/")
    save(page)
    choose_language(browser, origin, "")
