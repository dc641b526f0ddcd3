"""A dbt project of one model per layer, and the same with breaches of the layers planted. Not here: what judges it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.structure.planting import plant

PROJECT = (
    "name: shop\nconfig-version: 2\nprofile: shop\nmodel-paths: [models]\nflags: {send_anonymous_usage_stats: false}\n"
)
PROFILE = (
    "shop: {target: here, outputs: {here: {type: postgres, host: 127.0.0.1, port: 1, user: none, password: none, "
    "dbname: none, schema: public}}}\n"
)
SOURCE = """version: 2
sources:
  - name: raw
    description: What the shop sends.
    tables:
      - name: raw_shop__visit
        description: Visits of customers to stores, as they came.
"""
RAW = "source('raw', 'raw_shop__visit')"


@dataclass(frozen=True)
class Model:
    """One model: its folder, its name, what it reads, and what it lacks. `checks` are those it breaks."""

    folder: str
    name: str
    reads: str
    checks: tuple[str, ...] = ()
    lacks: str = ""

    def files(self) -> dict[str, str]:
        """The SQL and, beside it, the YAML."""
        place = f"models/{self.folder}/{self.name}"
        sql = f"-- grain: one row per visit\nwith final as (\n    select visit_id from {{{{ {self.reads} }}}}\n)\n\n"
        return {f"{place}.sql": sql + "select * from final\n"} | (
            {f"{place}.yml": self.yaml()} if self.lacks != "yaml" else {}
        )

    def yaml(self) -> str:
        """What a sound model says of itself, less what this one lacks."""
        lines = ["version: 2", "models:", f"  - name: {self.name}"]
        if self.lacks != "description":
            lines.append("    description: One row per visit of a customer to a store.")
        if self.lacks != "contract":
            lines.append("    config: {contract: {enforced: true}}")
        lines += ["    columns:", "      - name: visit_id", "        data_type: text"]
        if self.lacks != "column description":
            lines.append("        description: The visit.")
        if self.lacks != "unique test":
            lines.append("        data_tests: [unique]")
        return "\n".join(lines) + "\n"


SOUND_MODELS = (
    Model("staging/shop", "stg_shop__visit", RAW),
    Model("intermediate/visit", "int_visit__day", "ref('stg_shop__visit')"),
    Model("identity", "int_identity__visitor", "ref('stg_shop__visit')"),
    Model("core", "fct_visit", "ref('int_visit__day')"),
    Model("intermediate/event", "int_event__visit", "ref('fct_visit')"),
    Model("features", "ftr_customer__visit", "ref('fct_visit')"),
    Model("marts/customer", "mart_customer__visit", "ref('ftr_customer__visit')"),
    Model("activation/campaigns", "come_back", "ref('mart_customer__visit')"),
    Model("activation/policy", "act_visit", "ref('come_back')"),
    Model("bi", "bi_visit", "ref('mart_customer__visit')"),
)

LAYERS = "check_lineage_permitted_upstream_models"
NO_SOURCE = "check_lineage_source_cannot_be_used"
BREACHES = (
    Model("staging/shop", "stg_shop__reads_staging", "ref('stg_shop__visit')", (LAYERS,)),
    Model("intermediate/visit", "int_visit__reads_core", "ref('fct_visit')", (LAYERS,)),
    Model("core", "fct_reads_mart", "ref('mart_customer__visit')", (LAYERS,)),
    Model("core", "fct_reads_feature", "ref('ftr_customer__visit')", (LAYERS,)),
    Model("core", "fct_reads_source", RAW, (NO_SOURCE,)),
    Model("features", "ftr_customer__reads_mart", "ref('mart_customer__visit')", (LAYERS,)),
    Model("features", "ftr_customer__reads_source", RAW, (NO_SOURCE,)),
    Model("marts/customer", "mart_customer__reads_staging", "ref('stg_shop__visit')", (LAYERS,)),
    Model("activation/policy", "act_reads_staging", "ref('stg_shop__visit')", (LAYERS,)),
    Model("bi", "bi_reads_staging", "ref('stg_shop__visit')", (LAYERS,)),
    Model("staging/shop", "visits", RAW, ("check_model_names",)),
    Model("core", "visit_facts", "ref('int_visit__day')", ("check_model_names",)),
    Model("activation/policy", "decisions", "ref('come_back')", ("check_model_names",)),
    Model("activation/campaigns", "act_again", "ref('fct_visit')", ("check_model_names",)),
    Model("marts/customer", "customer_visits", "ref('fct_visit')", ("check_model_names",)),
    Model("core", "fct_without_contract", "ref('int_visit__day')", ("check_model_has_contracts_enforced",), "contract"),
    Model("core", "fct_without_test", "ref('int_visit__day')", ("check_model_has_unique_test",), "unique test"),
    Model("core", "fct_untold", "ref('int_visit__day')", ("check_model_description_populated",), "description"),
    Model(
        "core",
        "fct_unsaid",
        "ref('int_visit__day')",
        ("check_model_column_description_populated",),
        "column description",
    ),
)


def write_project(folder: Path, *, breaches: bool) -> Path:
    """Write the project below a folder, sound or with every breach planted."""
    models = (*SOUND_MODELS, *(BREACHES if breaches else ()))
    files = {name: text for model in models for name, text in model.files().items()}
    settings = {"dbt_project.yml": PROJECT, "profiles.yml": PROFILE, "models/staging/shop/_shop__sources.yml": SOURCE}
    return plant(folder, {**settings, **files})
