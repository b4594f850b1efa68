"""StreamField blocks for articles that sell: resolved once, shown as HTML, JSON and JSON-LD."""

__version__ = "0.1.0"

# The contract of templates and of the JSON: themes and headless clients may rely on it.
CONTRACT_VERSION = "1.3"
