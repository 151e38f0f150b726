"""The Containerfile and compose.yaml, as far as they can be tried without an engine.

``make container-steps`` carries the Containerfile's steps out, in a fresh Debian; what is here takes seconds.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from deploy.containerfile import CONTAINERFILE, DEPLOY, Step, goes_along, stages, steps, steps_of
from deploy.upgrade_data import ROOT
from mentornet.cli import parser
from mentornet.config.env import read_settings

COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
ENV: Final = (DEPLOY / "compose.env").read_text(encoding="utf-8")
SERVICE_WORDS: Final = frozenset(
    {
        *("build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "init"),
        *(
            "networks",
            "ports",
            "profiles",
            "read_only",
            "restart",
            "security_opt",
            "stop_grace_period",
            "tmpfs",
            "volumes",
        ),
    }
)
"""Of what the compose specification knows, what we use."""


def pins(name: str) -> set[str]:
    """Return ``package==version`` of everything in a file of requirements."""
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if re.match(r"[a-z0-9].*==", line)}


def test_steps_are_read_whole() -> None:
    text = '# x\nFROM a AS b\nRUN one \\\n    # why\n    && two\nCMD ["c", "d"]\n'
    assert steps_of(text) == [Step("FROM", "a AS b"), Step("RUN", "one \\\n    && two"), Step("CMD", '["c", "d"]')]


def test_every_run_step_is_a_shell_s() -> None:
    runs = [step for step in steps() if step.word == "RUN"]
    assert len(runs) >= 4
    for step in runs:
        ended = subprocess.run(["sh", "-n", "-c", step.rest], capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")


def test_what_is_copied_is_there_and_goes_along() -> None:
    for step in steps():
        if step.word == "COPY" and not step.rest.startswith("--from"):
            for name in step.words[:-1]:
                assert (ROOT / name).exists(), name
                assert goes_along(ROOT / name), name


@pytest.mark.parametrize("name", [".git/config", ".data/demo/secret-key", "deploy/.env", "tests/conftest.py"])
def test_what_is_nobody_else_s_stays(name: str) -> None:
    assert not goes_along(ROOT / name)


def test_program_is_nobody_of_importance_in_there() -> None:
    final = stages(steps())["final"][1]
    users = [step.rest for step in final if step.word == "USER"]
    assert users == ["mentornet"]
    words = next(step for step in final if step.word == "CMD").words
    assert parser().parse_args(words).no_worker
    assert next(step for step in final if step.word == "ENTRYPOINT").words == ["mentornet"]


def test_packages_are_those_of_an_installation_by_hash() -> None:
    assert pins("run.txt") <= pins("served.txt"), "write it anew: make lock"
    assert pins("served.txt") <= pins("dev.txt") | pins("run.txt")
    assert any(pin.startswith("psycopg==") for pin in pins("served.txt"))
    text = (ROOT / "requirements" / "served.txt").read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") >= len(pins("served.txt"))
    assert "--require-hashes -r requirements/served.txt" in CONTAINERFILE.read_text(encoding="utf-8")


def test_program_as_a_package_holds_all_of_its_files(tmp_path: Path) -> None:
    # An installation from the repository reads its files there; a container has only what the package holds.
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "src"]
    kept = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(kept) > 500
    there = {name.removeprefix("src/") for name in kept if (ROOT / name).exists()}
    assert there - packed == set()


def test_compose_uses_words_that_it_knows() -> None:
    assert set(COMPOSE) == {"name", "x-program", "services", "volumes", "networks"}
    assert {word for service in SERVICES.values() for word in service} <= SERVICE_WORDS
    for service in SERVICES.values():
        named = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert {one for one in named if not one.startswith(".")} <= set(COMPOSE["volumes"])
        assert set(service.get("networks", ())) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for condition in service["depends_on"].values() if isinstance(service.get("depends_on"), dict) else ():
            assert condition == {"condition": "service_healthy"}


def test_whoever_is_waited_for_says_how_she_is() -> None:
    waited_for = {
        name
        for service in SERVICES.values()
        if isinstance(service.get("depends_on"), dict)
        for name in service["depends_on"]
    }
    assert waited_for == {"serve", "db"}
    assert all("healthcheck" in SERVICES[name] for name in waited_for)


def test_two_services_of_the_program_share_all_but_the_command() -> None:
    serve, worker = SERVICES["serve"], SERVICES["worker"]
    assert parser().parse_args(worker["command"]).run.__name__ == "_worker"
    for word in ("image", "build", "env_file", "environment", "volumes", "networks", "read_only", "cap_drop"):
        assert serve[word] == worker[word]


def test_database_is_reached_from_inside_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["db"]["networks"] == ["inside"]
    assert "ports" not in SERVICES["db"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["serve"]["ports"])


def test_database_is_of_the_version_of_the_client_in_the_image() -> None:
    base = stages(steps())["base"][0]
    versions = {"bookworm": "15", "trixie": "17"}
    release = re.search(r"debian:(\w+)", base)
    assert release is not None
    assert SERVICES["db"]["image"].endswith(f"postgres:{versions[release[1]]}-{release[1]}")


def test_every_name_that_is_filled_in_stands_in_the_example() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\$\{(\w+):\?", text))
    given = dict(line.split("=", 1) for line in ENV.splitlines() if line and not line.startswith("#"))
    assert wanted == {"POSTGRES_PASSWORD"}
    assert wanted <= set(given)
    # An empty value is as good as none, and nobody is given a password that all installations share.
    assert {name for name, value in given.items() if not value} == {
        "MENTORNET_SECRET_KEY",
        "MENTORNET_MAIL_URL",
        "POSTGRES_PASSWORD",
    }
    assert read_settings({name: value for name, value in given.items() if name.startswith("MENTORNET_")}).https
    url = SERVICES["serve"]["environment"]["MENTORNET_DATABASE_URL"]
    assert url == "postgres://mentornet_served@/mentornet?host=/run/postgresql"
    owner = SERVICES["serve"]["environment"]["MENTORNET_OWNER_DATABASE_URL"]
    assert owner == "postgres://mentornet@/mentornet?host=/run/postgresql"
    # The socket is shared, and the role that speaks through it is no superuser: serve would refuse it.
    for name, folder in (("serve", "/run/postgresql"), ("worker", "/run/postgresql"), ("db", "/var/run/postgresql")):
        assert f"socket:{folder}" in SERVICES[name]["volumes"]
    assert "POSTGRES_USER" not in SERVICES["db"]["environment"]
    roles = (DEPLOY / "postgresql/role.sql").read_text(encoding="utf-8")
    for role in ("mentornet", "mentornet_served"):
        assert f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;" in roles
    assert "CREATE DATABASE mentornet OWNER mentornet;" in roles


def test_what_is_filled_in_is_not_kept_in_the_repository() -> None:
    ended = subprocess.run(["git", "-C", str(ROOT), "check-ignore", "-q", "deploy/.env"], check=False)
    assert ended.returncode == 0
