"""docker-compose.yml and the Dockerfile: that what they say fits the service and runs."""

import json
import re
import sys
from pathlib import Path

import pytest
import urllib3
import yaml

from dashboard.embedded import LOOPBACK, free_port

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "dashboard/settings.py").read_text()
KNOWN_VARIABLES = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))


@pytest.fixture(scope="module")
def services() -> dict[str, dict]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def image_command() -> list[str]:
    """The last CMD of the Dockerfile: what a container of the image runs by itself."""
    joined = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return json.loads(re.findall(r"^CMD (\[.*\])$", joined, re.MULTILINE)[-1])


def of_this_machine(command: list[str]) -> list[str]:
    """The same command with the programs of the environment the tests run in."""
    program = Path(sys.executable).parent / command[0]
    assert program.exists(), command[0]
    return [str(program), *command[1:]]


def wait_for_log(processes, child, words: str) -> None:
    processes.wait_until(
        lambda: words in child.log.read_text(errors="replace"), f"{words!r} in the log", 30
    )


def test_web_and_worker_run_more_than_once_and_beat_only_once(services):
    assert services["web"]["deploy"]["replicas"] >= 2
    assert services["worker"]["deploy"]["replicas"] >= 2
    assert "deploy" not in services["beat"]


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_every_variable_handed_over_is_one_the_settings_read(services, name):
    handed_over = set(services[name]["environment"])
    assert handed_over
    assert handed_over <= KNOWN_VARIABLES


def test_the_example_of_the_environment_has_every_variable_without_a_default():
    needed = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "deploy/env.example").read_text()
    assert needed == {"SECRET_KEY", "POSTGRES_PASSWORD"}
    assert needed <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_the_example_of_the_environment_has_no_variable_that_nothing_reads():
    example = (ROOT / "deploy/env.example").read_text()
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) <= read


def test_nothing_but_nginx_is_open_to_the_outside(services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_the_files_mounted_into_nginx_exist(services):
    for volume in services["nginx"]["volumes"]:
        assert (ROOT / volume.split(":")[0]).exists()


def test_every_service_that_can_be_asked_has_a_health_check(services):
    asked = {
        name
        for name, service in services.items()
        if "test" in service.get("healthcheck", {}) or (name == "web" and "build" in service)
    }
    assert asked == {"nginx", "web", "worker", "postgres", "redis"}
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_all_that_runs_for_long_is_started_again_when_it_ends(services):
    long_lived = [service for name, service in services.items() if name != "migrate"]
    assert {service["restart"] for service in long_lived} == {"unless-stopped"}


def test_the_image_holds_the_service_and_not_the_tests():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert {"manage.py", "requirements.txt", "dashboard", "results", "templates"} <= kept
    assert all((ROOT / name).exists() for name in kept)


def test_the_image_serves_the_site(processes, static_files):
    port = str(free_port())
    command = [port if word == "8000" else word for word in of_this_machine(image_command())]
    web = processes.start("web", command)
    wait_for_log(processes, web, "Started worker-1")
    wait_for_log(processes, web, "Started worker-2")
    answer = urllib3.request("GET", f"http://{LOOPBACK}:{port}/healthz", retries=5)
    assert answer.status == 200


def test_the_worker_s_command_takes_tasks(processes, services):
    worker = processes.start("worker", of_this_machine(services["worker"]["command"]))
    wait_for_log(processes, worker, " ready.")


def test_the_beat_s_command_sends_sweeps(processes, services, tmp_path):
    command = of_this_machine(services["beat"]["command"])
    schedule = str(tmp_path / "schedule")
    command[command.index("--schedule") + 1] = schedule
    beat = processes.start("beat", command, POLL_SECONDS="0.2")
    wait_for_log(processes, beat, "Sending due task sweep")


def test_the_migrate_command_leaves_nothing_to_migrate(processes, services):
    program, *arguments = of_this_machine(services["migrate"]["command"])
    migrate = processes.start(
        "migrate", [program, str(ROOT / arguments[0]), *arguments[1:]], ends=True
    )
    processes.finish(migrate)
    assert "No migrations to apply" in migrate.log.read_text()
