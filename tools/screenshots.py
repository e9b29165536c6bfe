"""Take pictures of every page of the built book: light, dark, on a phone, and at the extremes.

    make screenshots     # into _build/screenshots; build the book first, by `make book`

It needs Chromium.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.pdf import launch

ROOT = Path(__file__).resolve().parent.parent
SITE, FOLDER = ROOT / "_build" / "html", ROOT / "_build" / "screenshots"
LOOKS = {
    "light": ("light", 1280),
    "dark": ("dark", 1280),
    "phone": ("light", 360),
    "phone-dark": ("dark", 360),
    "zoom": ("dark", 640),  # what is left of 1280 pixels at a zoom of 200 %
    "wide": ("light", 2560),
}


def main() -> None:
    """Write PAGE-LOOK.png for each page and look."""
    found = sorted(SITE.glob("*.html"))
    # Those of an old address only lead on.
    pages = [path for path in found if "http-equiv" not in path.read_text("utf-8")[:500]]
    if not pages:
        sys.exit("error: there are no built pages: run `make book`.")
    with sync_playwright() as playwright, launch(playwright) as browser:
        for look, (scheme, width) in LOOKS.items():
            viewport = {"width": width, "height": 900}
            page = browser.new_page(viewport=viewport, color_scheme=scheme)
            for path in pages:
                page.goto(path.as_uri())
                page.wait_for_timeout(1500)  # the living parts draw themselves
                page.screenshot(path=FOLDER / f"{path.stem}-{look}.png", full_page=True)
    print(f"{len(pages)} pages, {len(LOOKS)} looks: {FOLDER}")


if __name__ == "__main__":
    main()
