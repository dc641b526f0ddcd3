"""What follows from the contracts and lies in the repository: dbt sources, staging models, documentation pages.

Here: their text, their writing, and the check that they are what the contracts say (`python -m
orchestration.sources.artifacts [--check]`). Not here: raw tables (raw_tables.py) and suites (expectations/), which are
made from the contracts at run time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration import settings
from orchestration.sources import staging
from orchestration.sources.contracts import CONTRACTS
from orchestration.sources.contracts.model import AUDIT_COLUMNS, Contract, Field

MADE = "Made from orchestration/sources/contracts by `make artifacts`. Change it there."

_AUDIT_MEANING = {
    "_batch_id": "the batch it came in (ops.batch)",
    "_source": "the brand's name for the source",
    "_loaded_at": "when it was landed",
    "_row_number": "its position in the batch",
    "_content_hash": "hash of its content",
    "_version_at": "when it first came in, where it is a row replayed from quarantine; empty otherwise",
}


def expected_files() -> dict[Path, str]:
    """Every generated file with the text it must have."""
    root = settings.project_root()
    files: dict[Path, str] = {}
    for channel in dict.fromkeys(item.channel for item in CONTRACTS.values()):
        contracts = [item for item in CONTRACTS.values() if item.channel == channel]
        files[root / f"dbt_project/models/staging/{channel}/_{channel}__sources.yml"] = _sources_yaml(
            channel, contracts
        )
        for item in contracts:
            model = root / f"dbt_project/models/staging/{channel}/{item.staging_model}"
            files[model.with_suffix(".sql")] = staging.model_sql(item)
            files[model.with_suffix(".yml")] = staging.model_yaml(item)
        files[root / f"docs/contracts/{channel}.md"] = _page(channel, contracts)
    files[root / "dbt_project/macros/identity/contract_records.sql"] = staging.records_macro([*CONTRACTS.values()])
    files[root / "docs/contracts/README.md"] = _index()
    return files


def drifted() -> list[Path]:
    """Generated files that are missing or differ from what the contracts say."""
    return [
        path
        for path, text in expected_files().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write() -> list[Path]:
    """Write the files that drifted, and name them."""
    paths = drifted()
    files = expected_files()
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return paths


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sources_yaml(channel: str, contracts: list[Contract]) -> str:
    lines = [f"# {MADE}", "version: 2", "", "sources:", "  - name: raw", "    schema: raw", "    tables:"]
    for contract in contracts:
        lines += [
            f"      - name: {contract.raw_table}",
            f"        description: {_quoted(contract.description)}",
            "        config:",
            "          meta:",
            f"            contract: {contract.id}",
            f"            advances_clock: {str(contract.advances_clock).lower()}",
            f"            dagster: {{asset_key: [raw, {contract.raw_table}], group: {channel}}}",
            "        columns:",
        ]
        for item in contract.fields:
            lines += [
                f"          - name: {item.column}",
                f"            description: {_quoted(_meaning(item))}",
                f"            data_type: {item.postgres}",
            ]
            if item.pii.kind != "none":
                lines.append(f"            config: {{meta: {{pii: {item.pii.kind}}}}}")
        for name, kind in AUDIT_COLUMNS:
            lines += [
                f"          - name: {name}",
                f"            description: {_quoted(_AUDIT_MEANING[name])}",
                f"            data_type: {kind}",
            ]
    return "\n".join(lines) + "\n"


def _meaning(item: Field) -> str:
    if item.pii.is_token:
        return f"token ({item.pii.namespace}) of: {item.meaning}"
    return item.meaning


def _page(channel: str, contracts: list[Contract]) -> str:
    lines = [f"# Channel `{channel}`", "", f"<!-- {MADE} -->", ""]
    for contract in contracts:
        lines += [f"## `{contract.id}`: {contract.title}", "", contract.description, ""]
        lines += [f"* Raw table: `raw.{contract.raw_table}`", f"* Key: {_key(contract)}"]
        if contract.event_at:
            lines.append(f"* Dated by: `{contract.event_at}`{_clock(contract)}")
        for group in contract.any_of:
            lines.append(f"* At least one of: {', '.join(f'`{name}`' for name in group)}")
        lines += ["", "| field | type | required | meaning | person |", "|---|---|---|---|---|"]
        lines += [_row(item) for item in contract.fields]
        lines.append("")
    return "\n".join(lines)


def _key(contract: Contract) -> str:
    if not contract.key:
        return "none: the position in the batch counts, and equal rows stay"
    return " + ".join(f"`{name}`" for name in contract.key)


def _clock(contract: Contract) -> str:
    return "; its newest day moves the brand's clock" if contract.advances_clock else ""


def _row(item: Field) -> str:
    kind = item.type.kind if item.type.kind != "decimal" else f"decimal({item.type.precision},{item.type.scale})"
    meaning = item.meaning + (f"; one of {', '.join(f'`{value}`' for value in item.allowed)}" if item.allowed else "")
    person = {
        "none": "",
        "identifier": f"identifier (`{item.pii.namespace}`), landed as the token `{item.column}`",
        "personal": f"personal, landed as the token `{item.column}`",
        "attribute": "trait",
    }[item.pii.kind]
    return f"| `{item.name}` | {kind} | {'yes' if item.is_required else ''} | {meaning} | {person} |"


def _index() -> str:
    lines = [
        "# Landing contracts",
        "",
        f"<!-- {MADE} -->",
        "",
        "What a row must look like to be landed, entity by entity.",
        "",
    ]
    lines += ["| contract | what | raw table |", "|---|---|---|"]
    for contract in CONTRACTS.values():
        lines.append(f"| [`{contract.id}`]({contract.channel}.md) | {contract.title} | `raw.{contract.raw_table}` |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = drifted()
        for path_ in found:
            print(f"{path_}: not what the contracts say; run make artifacts")
        sys.exit(1 if found else 0)
    for path_ in write():
        print(f"wrote {path_}")
