"""Takes the pictures of docs/screenshots/ from a running service, such as `make demo`.

    python tools/take_screenshots.py http://127.0.0.1:8000

Every kind of page at the width of a phone, a tablet, a laptop and a wall; written as WebP, which
is a fraction of a PNG's size.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZES = {320: 640, 768: 1024, 1440: 900, 2560: 1440}
KEPT = "/elections/2024-03-05-presidential-primary"
PAGES = {
    "overview": "/",
    "contests": "/contests/",
    "contest": "/contests/us-senate/",
    "district": "/contests/us-rep-district-40/",
    "measure": "/es/contests/ballot-measures-prop-1/",
    "counties": "/counties/",
    "county": "/counties/orange/",
    "my-races": "/my/?county=orange&us-rep=40&state-assembly=59",
    "embed": "/embed/us-senate/",
    "elections": "/elections/",
    "past-night": f"{KEPT}/contests/us-senate/?m=45",
    "about": "/about/",
    "api": "/api/",
}


def main(address: str, names: list[str]) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in names or PAGES:
            for width, height in SIZES.items():
                for scheme in ("light", "dark") if width == 1440 else ("light",):
                    page = chromium.new_page(
                        viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    page.goto(address + PAGES[name], wait_until="load")
                    page.wait_for_timeout(400)
                    suffix = "-dark" if scheme == "dark" else ""
                    target = FOLDER / f"{name}-{width}{suffix}.webp"
                    picture = Image.open(io.BytesIO(page.screenshot()))
                    picture.save(target, "WEBP", quality=80, method=6)
                    page.close()
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2:])
