"""``make sbom``: what an installation is made of, as CycloneDX, from the lock file and the list of vendored files.

The same lock gives the same bytes, wherever and whenever it is written: no name of a machine, no index, no clock.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT: Final = Path(__file__).resolve().parents[2]
VENDORED: Final = ROOT / "src/mentornet/web/ui/static/vendor/VERSIONS"
USUAL: Final = ROOT / "mentornet.cdx.json"
PROJECT: Final = "mentornet"
ALWAYS: Final = "always"
BUILD: Final = "build"
"""What pip needs to install the program from its folder; nothing of it runs afterwards."""

Key = tuple[str, str]
"""A package's name and version: the lock may hold two versions of one, each for some versions of Python."""


@dataclass(slots=True)
class Package:
    """A package of the lock.

    Attributes:
        files: each file that may be downloaded, with its SHA-256.
        needs: what it needs by itself.
        extras: what each of its extras needs besides.
        parts: for what an installation needs it: always, for an extra of the program, or to be built.
        uploaded: when its newest file was published.
    """

    name: str
    version: str
    files: dict[str, str]
    needs: list[tuple[Key, tuple[str, ...]]] = field(default_factory=list)
    extras: dict[str, list[tuple[Key, tuple[str, ...]]]] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    uploaded: str = ""


def lock(path: Path = ROOT / "uv.lock") -> list[dict[str, Any]]:
    """Return the packages of the lock file, as they stand there."""
    with path.open("rb") as file:
        return list(tomllib.load(file)["package"])


def packages(locked: list[dict[str, Any]]) -> dict[Key, Package]:
    """Return everything that an installation may need, and for what; nothing that only developers need."""
    versions: dict[str, list[str]] = {}
    for row in locked:
        versions.setdefault(row["name"], []).append(row["version"])

    def wanted(edge: dict[str, Any]) -> tuple[Key, tuple[str, ...]]:
        version = edge.get("version") or versions[edge["name"]][0]
        return (edge["name"], version), tuple(edge.get("extra", ()))

    known: dict[Key, Package] = {}
    for row in locked:
        files = [*row.get("wheels", ()), *([row["sdist"]] if "sdist" in row else [])]
        known[row["name"], row["version"]] = Package(
            name=row["name"],
            version=row["version"],
            files={one["url"].rsplit("/", 1)[1]: one["hash"].removeprefix("sha256:") for one in files},
            needs=[wanted(edge) for edge in row.get("dependencies", ())],
            extras={name: [*map(wanted, edges)] for name, edges in row.get("optional-dependencies", {}).items()},
            uploaded=max((one.get("upload-time", "") for one in files), default=""),
        )
    (root,) = [row for row in locked if row["name"] == PROJECT]
    program = known[PROJECT, root["version"]]
    starts = {ALWAYS: program.needs, **program.extras}
    starts[BUILD] = [wanted(edge) for edge in root["dev-dependencies"][BUILD]]
    for part, edges in starts.items():
        _mark(known, part, edges)
    return {key: one for key, one in known.items() if one.parts}


def _mark(known: dict[Key, Package], part: str, edges: list[tuple[Key, tuple[str, ...]]]) -> None:
    seen: set[tuple[Key, str]] = set()
    waiting = list(edges)
    while waiting:
        key, extras = waiting.pop()
        package = known[key]
        package.parts.add(part)
        for extra in ("", *extras):
            if (key, extra) not in seen:
                seen.add((key, extra))
                waiting += package.extras.get(extra, []) if extra else package.needs


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """A file of others that lies in the program's own folder."""

    name: str
    checksum: str
    package: str
    version: str
    licence: str


def vendored(path: Path = VENDORED) -> Iterator[VendoredFile]:
    """Yield the files that were copied into the program, as their list names them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        checksum, name, package, licence = line.split()
        bare, _, version = package.rpartition("@")
        yield VendoredFile(name, checksum, bare, version, licence)


def _scope(package: Package) -> ComponentScope:
    if ALWAYS in package.parts:
        return ComponentScope.REQUIRED
    return ComponentScope.EXCLUDED if package.parts == {BUILD} else ComponentScope.OPTIONAL


def _component(package: Package) -> Component:
    purl = PackageURL("pypi", None, package.name, package.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=purl.to_string(),
        scope=_scope(package),
        properties=[Property(name="mentornet:needed", value=part) for part in sorted(package.parts)],
        # The files by their names alone: from where they are fetched is each installation's own affair.
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(
                    PackageURL("pypi", None, package.name, package.version, qualifiers={"file_name": name}).to_string()
                ),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)],
            )
            for name, checksum in sorted(package.files.items())
        ],
    )


def _vendored_components() -> list[Component]:
    """Return the packages of which files lie in the program's folder, with these files inside."""
    by_package: dict[tuple[str, str, str], list[VendoredFile]] = {}
    for one in vendored():
        by_package.setdefault((one.package, one.version, one.licence), []).append(one)
    found = []
    for (name, version, licence), files in sorted(by_package.items()):
        namespace, _, bare = name.rpartition("/")
        purl = PackageURL("npm", namespace or None, bare, version)
        found.append(
            Component(
                type=ComponentType.LIBRARY,
                group=namespace or None,
                name=bare,
                version=version,
                purl=purl,
                bom_ref=purl.to_string(),
                scope=ComponentScope.REQUIRED,
                licenses=[DisjunctiveLicense(id=licence)],
                components=[
                    Component(
                        type=ComponentType.FILE,
                        name=f"{VENDORED.parent.relative_to(ROOT).as_posix()}/{file.name}",
                        bom_ref=f"file:{file.name}",
                        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=file.checksum)],
                    )
                    for file in sorted(files, key=lambda one: one.name)
                ],
            )
        )
    return found


def bill() -> Bom:
    """Return the bill of materials of this version of the program."""
    locked = lock()
    needed = packages(locked)
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    purl = PackageURL("pypi", None, PROJECT, project["version"])
    program = Component(
        type=ComponentType.APPLICATION,
        name=PROJECT,
        version=project["version"],
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=[DisjunctiveLicense(id=project["license"])],
    )
    components = {key: _component(package) for key, package in sorted(needed.items())}
    others = _vendored_components()
    made_of = hashlib.sha256(repr((locked, [*vendored()], project["version"])).encode()).hexdigest()
    whole = Bom(
        components=[*components.values(), *others],
        serial_number=uuid5(NAMESPACE_URL, f"mentornet:{made_of}"),
    )
    whole.metadata.component = program
    # As old as the newest thing in it.
    whole.metadata.timestamp = max(
        datetime.fromisoformat(one.uploaded).astimezone(UTC) for one in needed.values() if one.uploaded
    )
    (root,) = [row for row in locked if row["name"] == PROJECT]
    named = {edge["name"] for edge in _direct(root)}
    whole.register_dependency(program, [one for (name, _), one in components.items() if name in named] + others)
    for key, one in components.items():
        needs = needed[key].needs + [edge for edges in needed[key].extras.values() for edge in edges]
        whole.register_dependency(one, [components[other] for other, _ in needs if other in components])
    return whole


def _direct(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from root["dependencies"]
    for edges in root["optional-dependencies"].values():
        yield from edges
    yield from root["dev-dependencies"][BUILD]


def as_json() -> str:
    """Return the bill as it is written."""
    return JsonV1Dot6(bill()).output_as_string(indent=2) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the bill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=USUAL)
    out = parser.parse_args(arguments).out
    text = as_json()
    out.write_text(text, encoding="utf-8")
    print(f"{out.name}: {text.count(chr(34) + 'purl' + chr(34))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
