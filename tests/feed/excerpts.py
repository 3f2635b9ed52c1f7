"""Excerpts of bodies that the returns API served in 2022 and 2024, by the path they came from."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "bodies"
EXCERPTS = {file.stem.replace("_", "/"): file.read_bytes() for file in sorted(FOLDER.iterdir())}


def excerpt(path: str) -> Any:
    """The value of one excerpt, fresh, to be changed by a test."""
    return json.loads(EXCERPTS[path])
