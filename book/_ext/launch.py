"""Offer Binder, the repository and its issues as soon as `_config.yml` says where they are.

With launch buttons configured and no `repository.url`, the theme fails on the first
notebook; and Jupyter Book refuses the other two buttons then. So here, not in
`_config.yml`, all of them depend on the URL.
"""

from sphinx.application import Sphinx
from sphinx.config import Config


def offer_what_has_an_address(app: Sphinx, config: Config) -> None:
    """Show the buttons if there is a repository, and none of them if not."""
    options = config.html_theme_options
    known = bool(options.get("repository_url"))
    options["use_repository_button"] = options["use_issues_button"] = known
    if not known:
        options.pop("launch_buttons", None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", offer_what_has_an_address)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
