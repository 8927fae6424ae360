"""The templates of the pages that a report is made of; whatever users supplied is escaped in them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, Template, select_autoescape

SYMBOLS = {"passed": "✓", "falsified": "✗", "inconclusive": "?", "accepted": "≈"}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("backproof.reports.pages", "."),
        autoescape=select_autoescape(["j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """A page's template."""
    return _environment().get_template(name)


def inlined(name: str) -> tuple[str, str]:
    """A style or a script to stand within a page, and its hash as a Content-Security-Policy names it."""
    text = template(name).render()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{digest}'"
