"""Takes the pictures of docs/screenshots/ from a running service, such as `make demo`.

    python tools/take_screenshots.py http://127.0.0.1:8000

Every kind of page at the width of a phone, a tablet, a laptop and a wall, each layout of a wall
board at 1080p and 4K, and the newsroom's own pages; written as WebP, which is a fraction of a
PNG's size. The newsroom's need a login:

    NEWSROOM_LOGIN=producer:password python tools/take_screenshots.py http://127.0.0.1:8000 newsroom
"""

import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

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
WALLS = ((1920, 1080), (3840, 2160), (1080, 1920))
BOARDS = ("newsroom", "districts")
NEWSROOM = {
    "control-room": "/admin/",
    "alert-rules": "/admin/results/alertrule/",
    "boards": "/admin/results/board/",
    "rehearsal": "/admin/results/rehearsal/start/",
}


def keep(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(FOLDER / f"{name}.webp", "WEBP", quality=80, method=6)


def take_boards(chromium: Browser, address: str) -> None:
    """Each layout once: the first of its screens."""
    for width, height in WALLS:
        seen = set()
        for board in BOARDS:
            page = chromium.new_page(viewport={"width": width, "height": height})
            page.goto(f"{address}/board/{board}/", wait_until="load")
            page.wait_for_timeout(1_500)
            page.keyboard.press(" ")
            screens = int(page.locator("#place").inner_text().rsplit("/", 1)[1])
            for _ in range(screens):
                page.keyboard.press("ArrowRight")
                page.wait_for_timeout(900)
                shown = page.locator(".board-page.is-shown").get_attribute("class") or ""
                layout = next(c for c in shown.split() if c.startswith("layout-"))
                if layout not in seen:
                    seen.add(layout)
                    keep(page, f"board-{layout.removeprefix('layout-')}-{width}")
            page.close()


def take_newsroom(chromium: Browser, address: str) -> None:
    name, _, password = os.environ["NEWSROOM_LOGIN"].partition(":")
    page = chromium.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(f"{address}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("input[type=submit]")
    for picture, path in NEWSROOM.items():
        page.goto(address + path, wait_until="load")
        page.wait_for_timeout(800)
        keep(page, f"newsroom-{picture}")
    page.goto(f"{address}/admin/results/contest/?q=us-senate")
    page.get_by_role("link", name="Call", exact=True).first.click()
    page.wait_for_load_state()
    keep(page, "newsroom-call")
    page.goto(f"{address}/admin/results/board/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.get_by_role("link", name="Drive").first.evaluate("one => one.href"))
    keep(page, "newsroom-drive-390")


def main(address: str, names: list[str]) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        if not names or "boards" in names:
            take_boards(chromium, address)
        if "newsroom" in names:
            take_newsroom(chromium, address)
        for name in [name for name in names if name in PAGES] if names else PAGES:
            for width, height in SIZES.items():
                for scheme in ("light", "dark") if width == 1440 else ("light",):
                    page = chromium.new_page(
                        viewport={"width": width, "height": height}, color_scheme=scheme
                    )
                    page.goto(address + PAGES[name], wait_until="load")
                    page.wait_for_timeout(400)
                    suffix = "-dark" if scheme == "dark" else ""
                    keep(page, f"{name}-{width}{suffix}")
                    page.close()
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2:])
