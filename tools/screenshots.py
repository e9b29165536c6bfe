"""Take pictures of every page of the built book: light, dark, on a phone, and at the extremes.

    make screenshots     # into _build/screenshots; build the book first, by `make book`

It needs Chromium.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE, FOLDER = ROOT / "_build" / "html", ROOT / "_build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOOKS = {
    **{"light": ("light", 1280), "dark": ("dark", 1280)},
    **{"phone": ("light", 360), "phone-dark": ("dark", 360)},
    # What is left of 1280 pixels at a zoom of 200 %, and a large screen.
    **{"zoom": ("dark", 640), "wide": ("light", 2560)},
}


def main() -> int:
    """Write PAGE-LOOK.png for each page and look."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    pages = [
        path
        for path in sorted(SITE.glob("*.html"))
        if "http-equiv" not in path.read_text("utf-8")[:500]
    ]
    if found is None or not pages:
        lacking = "Chromium: install it" if found is None else "built pages: run `make book`"
        print(f"error: there are no {lacking}.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for look, (scheme, width) in LOOKS.items():
            viewport = {"width": width, "height": 900}
            context = browser.new_context(viewport=viewport, color_scheme=scheme)
            page = context.new_page()
            for path in pages:
                page.goto(path.as_uri())
                page.wait_for_timeout(1500)  # the living parts draw themselves
                page.screenshot(path=FOLDER / f"{path.stem}-{look}.png", full_page=True)
        browser.close()
    print(f"{len(pages)} pages, {len(LOOKS)} looks: {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
