"""Every address says who may open it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver, path

from mentornet.web.access import Policy, is_foreign, open_to, policy_of
from mentornet.web.desk.demo import urls as demo_urls


def addresses(
    patterns: Iterable[URLPattern | URLResolver], route: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[ResolverMatch]:
    """Yield every address as it would be resolved."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern.url_patterns, here, inner)
        else:
            yield ResolverMatch(pattern.callback, (), {}, pattern.name, namespaces=list(spaces), route=here)


def open_doors(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Return the addresses that declare nothing."""
    return [match.route or "/" for match in addresses(patterns) if not is_foreign(match) and policy_of(match) is None]


def test_every_address_declares_its_policy() -> None:
    # The demonstration's addresses are not in the tests' settings.
    all_patterns = [*get_resolver().url_patterns, *demo_urls.urlpatterns]
    assert len(list(addresses(all_patterns))) > 20
    assert open_doors(all_patterns) == []


def test_demonstration_addresses_are_open_to_demonstrations_alone() -> None:
    assert {policy_of(match) for match in addresses(demo_urls.urlpatterns, "demo/")} <= {Policy.DEMO}


def test_address_without_a_policy_is_found() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    @open_to(Policy.STAFF)
    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    patterns = [
        path("a/", declared, name="a"),
        path("b/", forgotten, name="b"),
        path("c/", forgotten, name="account_c"),
    ]
    assert open_doors(patterns) == ["b/"]
