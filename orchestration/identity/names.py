"""From what somebody types to the identifier that is meant.

Here: `namespace:value` in clear, tokens and their beginnings, values without the scope they are valid in. Not here: the
normal form of a value (sources/tokens.py), whom an identifier names (customers.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.identity.desk import Desk, Name
from orchestration.identity.errors import NameProblem
from orchestration.sources import tokens
from orchestration.sources.contracts import CONTRACTS, nearest

SHORTEST = 8
"""Digits of a token that must at least be given."""
_TOKEN = re.compile(rf"[0-9a-fA-F]{{{SHORTEST},{tokens.TOKEN_HEX_DIGITS}}}")
SCOPES = {
    item.pii.namespace: item.pii.scope
    for contract in CONTRACTS.values()
    for item in contract.fields
    if item.pii.kind == "identifier" and item.pii.scope
}
"""Namespaces whose values are valid within something else, and the field that says within what."""

_BEGINNING = """
    select identifier_key, namespace from identity.int_identity__identifier
    where identifier_key >= %(given)s and identifier_key < %(given)s || 'g' order by identifier_key limit 2
"""
_SEEN = "select namespace from identity.int_identity__identifier where identifier_key = %s"
_NEXT = "select value from vault.clear_value where namespace = %s and value > %s order by value limit 1"
_KEY = "select value from ops.setting where name = 'pii_key_fingerprint'"


def identifier(desk: Desk, text: str) -> Name:
    """The identifier that is meant by `namespace:value`, a token, or the beginning of a token.

    Raises NameProblem, saying what would be right, for an unknown namespace, a value its namespace cannot hold, one
    that was never seen, and where several fit.
    """
    given = text.strip()
    if ":" in given:
        namespace, _, value = given.partition(":")
        return of_namespace(desk, namespace.strip(), value)
    if not _TOKEN.fullmatch(given):
        raise NameProblem(
            f"{text!r} is no identifier: give namespace:value, such as phone:13917001234, or a token of "
            f"{SHORTEST} to {tokens.TOKEN_HEX_DIGITS} hex digits. Namespaces: {_listed()}"
        )
    found = desk.rows(_BEGINNING, {"given": given.lower()})
    if len(found) > 1:
        raise NameProblem(f"several tokens begin with {given}: give more of its digits")
    if not found:
        raise NameProblem(
            f"no identifier that was seen has a token beginning with {given}. If it is a clear value, "
            f"say of what: phone:{given}"
        )
    key, namespace = found[0]
    return Name(key, namespace, desk.clear([key]).get(key))


def of_namespace(desk: Desk, namespace: str, value: str) -> Name:
    """The identifier that a clear value of a namespace is; NameProblem as `identifier` raises it."""
    if namespace not in tokens.IDENTIFIERS:
        near = nearest(namespace, tokens.IDENTIFIERS)
        hint = f" The nearest: {', '.join(near)}." if near else ""
        raise NameProblem(f"no namespace {namespace!r}; there are {_listed()}.{hint}")
    if namespace in SCOPES and ":" not in value:
        return _in_some_scope(desk, namespace, value)
    key = _token(desk, namespace, value)
    if not desk.rows(_SEEN, (key,)):
        raise NameProblem(_never_seen(desk, f"{namespace}:{value}"))
    return Name(key, namespace, desk.clear([key]).get(key))


def _token(desk: Desk, namespace: str, value: str) -> str:
    normal = tokens.normaliser(namespace, desk.brand.file.country)(value)
    if normal is None:
        raise NameProblem(f"{value!r} is no {namespace}: such a value never lands as one")
    return tokens.token(_key(desk), namespace, normal)


def _key(desk: Desk) -> bytes:
    key = tokens.pii_key(desk.brand.name)
    held = desk.rows(_KEY)
    if held and held[0][0] != tokens.key_fingerprint(key):
        raise tokens.PiiKeyError(
            f"the PII key at hand is not the one that brand {desk.brand.name} was filled with, so clear values cannot "
            "be looked up: put back the key file or TOUCHSTREAM_PII_KEY, or ask by token"
        )
    return key


def _in_some_scope(desk: Desk, namespace: str, value: str) -> Name:
    """The one seen identifier of this value, in whichever scope."""
    scope = SCOPES[namespace]
    if not desk.sees_clear:
        raise NameProblem(
            f"a {namespace} is valid within its {scope}: give {namespace}:{scope.upper()}:{value}. Finding it without "
            "needs a role that may read the vault (--role support)"
        )
    keys = {within: _token(desk, namespace, f"{within}:{value}") for within in _scopes(desk, namespace)}
    found = [within for within, key in keys.items() if desk.rows(_SEEN, (key,))]
    if not found:
        raise NameProblem(_never_seen(desk, f"{namespace}:{value}"))
    if len(found) > 1:
        told = ", ".join(f"{namespace}:{within}:{value}" for within in found)
        raise NameProblem(f"{namespace}:{value} was seen in several: say which of {told}")
    return Name(keys[found[0]], namespace, f"{found[0]}:{value}")


def _scopes(desk: Desk, namespace: str) -> Iterator[str]:
    """The scopes of a namespace, each by one look at the index: from each the search jumps behind all its values."""
    behind = ""
    while row := desk.rows(_NEXT, (namespace, behind)):
        within = str(row[0][0]).partition(":")[0]
        yield within
        behind = f"{within};"  # the sign after the colon


def _listed() -> str:
    return ", ".join(
        f"{name} (as {name}:{SCOPES[name].upper()}:…)" if name in SCOPES else name
        for name in sorted(tokens.IDENTIFIERS)
    )


def _never_seen(desk: Desk, told: str) -> str:
    built = desk.rows("select max(as_of) from ops.build where phase = 'foundation' and state = 'done'")
    until = f" up to {built[0][0]}" if built and built[0][0] else ""
    return (
        f"{told} was never seen{until}. If it came in since, build first; if it broke its contract, "
        f"`touchstream --brand {desk.brand.name} quarantine list` shows it"
    )
