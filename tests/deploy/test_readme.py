"""What README.md says of settings and commands, against what there is."""

import re

import pytest

from tests.deploy.test_compose import KNOWN_VARIABLES, ROOT

README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_in_the_table_and_no_other():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == KNOWN_VARIABLES


def test_every_make_command_named_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_linked_exists(document):
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []
