"""The templates of the pages that a report is made of; whatever users supplied is escaped in them."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, Template, select_autoescape

SYMBOLS = {"passed": "✓", "falsified": "✗", "inconclusive": "?"}


def template(name: str) -> Template:
    """A page's template."""
    environment = Environment(
        loader=PackageLoader("backproof.reports", "."), autoescape=select_autoescape(["j2"]), trim_blocks=True
    )
    return environment.get_template(name)
