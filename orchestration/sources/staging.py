"""Staging models: their text, made from the contracts.

Here: one model and its YAML per contract (newest version of each row, business days, house names), and the macro that
lists which records name whom. Not here: their writing and the check against drift (artifacts.py), anything that joins
two sources (dbt_project/models/intermediate/).
"""

from __future__ import annotations

import textwrap

from orchestration.sources.contracts.model import Contract, Field

WIDTH = 100
ORIGIN = "-- Made from orchestration/sources/contracts by `make artifacts`. Change it there."
VIEWS = ("promotion.placement",)
"""Contracts whose staging is not stored: tens of millions of rows that no model reads whole."""

_DAY_OF = {"ordered_at": "order_date"}
_DAY_NAMED = {"starts_on": "start_date", "ends_on": "end_date"}


def staged_name(item: Field) -> str:
    """The field's column in staging: days end in `_date`."""
    if item.type.kind == "date" and item.name.endswith("_on"):
        return _DAY_NAMED.get(item.name, f"{item.name.removesuffix('_on')}_date")
    return item.column


def day_name(contract: Contract) -> str | None:
    """The staging column of the business day a row is dated by; None for a contract that dates nothing."""
    if contract.event_at is None:
        return None
    item = contract.field(contract.event_at)
    if item.type.kind == "date":
        return staged_name(item)
    return _DAY_OF.get(item.name, f"{item.name.removesuffix('_at')}_date")


def moment_name(contract: Contract) -> str | None:
    """The staging column of the moment a row is dated by; None where it has a day alone, or no date."""
    if contract.event_at is None or contract.field(contract.event_at).type.kind == "date":
        return None
    return contract.event_at


def record_key(contract: Contract) -> str:
    """The staging column that names a row within its source."""
    return staged_name(contract.field(contract.key[0])) if len(contract.key) == 1 else "record_key"


def model_sql(contract: Contract) -> str:
    """The text of the contract's staging model."""
    key = [contract.field(name).column for name in contract.key]
    day, moment = day_name(contract), moment_name(contract)
    lines = [*_wrapped(f"-- grain: one row per source{_words(contract)}", "-- "), ORIGIN]
    lines += _set_key(key)
    if contract.id in VIEWS:
        lines.append("{{ config(materialized='view') }}")
    else:
        lines += _config(contract)
    lines += [
        "with records as (",
        f"    {{{{ latest_records(source('raw', '{contract.raw_table}'), key=key) }}}}",
        "),",
    ]
    if moment is not None:
        lines += ["", "dated as (", "    select", "        *,"]
        lines += [f"        {{{{ business_date('{moment}') }}}} as {day}", "    from records", "),"]
    lines += ["", "final as (", "    select", "        _source as source,"]
    if len(contract.key) > 1:
        lines.append(f"        {{{{ stable_hash({_key_parts(contract)}) }}}} as {record_key(contract)},")
    for item in contract.fields:
        lines.append(f"        {_selected(item)},")
        if item.name == moment:
            lines.append(f"        {day},")
    lines += ["        _loaded_at as loaded_at", f"    from {'dated' if moment else 'records'}"]
    if contract.event_at is not None:
        raw_day = day if moment is not None else contract.event_at
        missing = "" if contract.field(contract.event_at).is_required else f"{raw_day} is null or "
        lines.append(f"    where {missing}{{{{ happened_by_then('{raw_day}') }}}}")
    lines += ["", "),", "", "select * from final", ""]
    text = "\n".join(lines)
    return text.replace("\n\n),\n\nselect * from final", "\n)\n\nselect * from final")


def _config(contract: Contract) -> list[str]:
    """By what the table is restated: its raw table, the key there and here, what dates a row."""
    staged = [staged_name(contract.field(name)) for name in contract.key]
    arguments = [f"'{contract.raw_table}'", "key"]
    if staged != [contract.field(name).column for name in contract.key]:
        arguments.append(f"staged_key={_listed(staged)}")
    if contract.event_at is not None:
        dated_by = contract.field(contract.event_at)
        arguments.append(f"dated_by='{dated_by.column}'")
        if moment_name(contract) is None:
            arguments.append("has_moment=false")
    line = f"{{{{ config(**restated_by_landing({', '.join(arguments)})) }}}}"
    if len(line) <= WIDTH:
        return [line]
    return ["{{ config(**restated_by_landing(", *(f"    {argument}," for argument in arguments), ")) }}"]


def _listed(columns: list[str]) -> str:
    return f"[{', '.join(map(repr, columns))}]"


def _words(contract: Contract) -> str:
    names = [name.replace("_", " ") for name in contract.key]
    return f", {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f" and {names[0]}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _set_key(columns: list[str]) -> list[str]:
    line = f"{{%- set key = {_listed(columns)} %}}"
    if len(line) <= WIDTH:
        return [line]
    inside = textwrap.wrap(", ".join(repr(column) for column in columns) + ",", WIDTH - 4, break_on_hyphens=False)
    return ["{%- set key = [", *(f"    {row}" for row in inside), "] %}"]


def _key_parts(contract: Contract) -> str:
    """The parts of the record's key as stable_hash takes them: a moment goes in as its text."""
    moments = [name for name in contract.key if contract.field(name).type.kind == "timestamp"]
    if not moments:
        return "key"
    parts = [
        f"moment_text('{name}')" if name in moments else repr(contract.field(name).column) for name in contract.key
    ]
    return f"[\n            {', '.join(parts)},\n        ]"


def _selected(item: Field) -> str:
    if item.name == "is_synthetic":
        return "coalesce(is_synthetic, false) as is_synthetic"
    name = staged_name(item)
    return item.column if name == item.column else f"{item.column} as {name}"


def model_yaml(contract: Contract) -> str:
    """The text of the model's YAML: what it is, its key, its columns."""
    key = ["source", *(staged_name(contract.field(name)) for name in contract.key)]
    lines = [f"# {ORIGIN.removeprefix('-- ')}", "version: 2", "", "models:", f"  - name: {contract.staging_model}"]
    lines += ["    description: >", *_folded(f"{contract.description} In the newest version.", 6)]
    lines += ["    data_tests:", "      - unique_combination:", "          arguments:", "            columns:"]
    lines += [f"              - {name}" for name in key]
    lines += ["    columns:", *_column("source", "The brand's name for the source.")]
    if len(contract.key) > 1:
        lines += _column(record_key(contract), "Names the row within its source: a hash of its key.")
    for item in contract.fields:
        lines += _column(staged_name(item), _sentence(item), item.pii.kind)
        if item.name == moment_name(contract):
            lines += _column(day_name(contract) or "", f"Business day of {item.name}, in the brand's zone.")
    return "\n".join([*lines, *_column("loaded_at", "When the row was landed."), ""])


def _sentence(item: Field) -> str:
    text = f"Token ({item.pii.namespace}) of: {item.meaning}" if item.pii.is_token else item.meaning
    return f"{text[0].upper()}{text[1:]}."


def _column(name: str, meaning: str, pii: str = "none") -> list[str]:
    lines = [f"      - name: {name}", "        description: >", *_folded(meaning, 10)]
    return lines if pii == "none" else [*lines, "        config:", f"          meta: {{pii: {pii}}}"]


def _folded(text: str, depth: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * depth,
        subsequent_indent=" " * depth,
        break_long_words=False,
        break_on_hyphens=False,
    )


def records_macro(contracts: list[Contract]) -> str:
    """The text of the macro that lists every contract's records: its model, its day and moment, whom it names."""
    lines = [
        "{#-",
        f"    {ORIGIN.removeprefix('-- ')}",
        "    Every landed record with a date or a person: its raw table with its key there, its staging",
        "    model, the column that names it within its source, its business day and moment, the tokens of its",
        "    actor by namespace, and whether its newest day moves the clock.",
        "-#}",
        "{% macro contract_records() %}",
        "    {{",
        "        return([",
    ]
    for contract in contracts:
        if contract.event_at is None and not contract.identifiers:
            continue
        moment, day = moment_name(contract), day_name(contract)
        lines += [
            "            {",
            f"                'rule': '{contract.id}',",
            f"                'raw': '{contract.raw_table}',",
            "                'key': [",
            *(f"                    {part}," for part in _comparable_key(contract)),
            "                ],",
            f"                'model': '{contract.staging_model}',",
            f"                'record_key': '{record_key(contract)}',",
            f"                'day': {_quoted(day)},",
            f"                'at': {_quoted(moment)},",
            f"                'is_clock': {'true' if contract.advances_clock else 'false'},",
            "                'identifiers': {",
            *(f"                    '{item.pii.namespace}': '{item.column}'," for item in contract.identifiers),
            "                },",
            "            },",
        ]
    return "\n".join([*lines, "        ])", "    }}", "{% endmacro %}", ""])


def _comparable_key(contract: Contract) -> list[str]:
    """The key's columns as expressions, quoted, that are equal where the keys are: nothing equals nothing."""
    fields = map(contract.field, contract.key)
    return [f"'{item.column}'" if item.is_required else f"\"coalesce({item.column}, '')\"" for item in fields]


def _quoted(name: str | None) -> str:
    return "none" if name is None else f"'{name}'"
