"""From the plan to the messages: gate, decisions, one sync per destination."""

from collections.abc import Mapping

import dagster as dg

from expectations import data_docs, gates
from orchestration.activation import dispatcher, planning
from orchestration.activation.gate import REQUIRED_GATES
from orchestration.brands import Brand
from orchestration.defs.landing import OWNERS
from orchestration.defs.resources import Deployment
from orchestration.warehouse import builds
from orchestration.warehouse.progress import say

GATE = dg.AssetKey(["ops", "gate"])
DECISION = dg.AssetKey(["ops", "decision"])
PLAN = dg.AssetKey(["activation", "act_contact_plan"])
FIRST_DAY = "2015-01-01"
"""First day that can be decided; older data is history to all of them."""


def days(brand: Brand) -> dg.DailyPartitionsDefinition:
    """Business days of the brand, today included: a day is decided once, and never after a later one."""
    return dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone=brand.file.time_zone, end_offset=1)


def assets(brand: Brand, judged: list[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """The gate over the `judged` assets, the day's decisions, and a sync per destination of the brand."""
    return [_gate(judged), _decision(brand), *(_sync(brand, name) for name in brand.file.destinations)]


def _gate(judged: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=GATE,
        deps=judged,
        group_name="ops",
        kinds={"python", "postgres"},
        owners=OWNERS,
        description=f"Verdicts on the newest build ({', '.join(REQUIRED_GATES)}). The dispatcher reads them itself, "
        "however it is started.",
    )
    def gate(deployment: Deployment) -> dg.MaterializeResult[None]:
        verdicts = gates.judge(deployment.brand)
        data_docs.write_docs(deployment.brand)
        say("gate", ", ".join(f"{name} {verdict.state}" for name, verdict in verdicts.items()))
        return dg.MaterializeResult(value=None, metadata={name: item.state for name, item in verdicts.items()})

    return gate


def _decision(brand: Brand) -> dg.AssetsDefinition:
    @dg.asset(
        key=DECISION,
        deps=[GATE, PLAN],
        partitions_def=days(brand),
        group_name="ops",
        kinds={"python", "postgres"},
        owners=OWNERS,
        description="The day's decisions and intents, in one transaction: every candidate, its outcome, the reason.",
    )
    def decision(context: dg.AssetExecutionContext, deployment: Deployment) -> dg.MaterializeResult[None]:
        build = builds.newest(brand)
        if build.as_of.isoformat() != context.partition_key:
            raise dg.Failure(
                description=f"The newest build is as of {build.as_of}, this partition is {context.partition_key}: "
                "build it first."
            )
        say("plan", build.as_of.isoformat())
        result = planning.plan(deployment.load(), build.as_of, build.build_id, deployment.delivery())
        suppressed: dict[str, int] = {}
        for run in result.runs:
            for reason, count in run.suppressed.items():
                suppressed[reason] = suppressed.get(reason, 0) + count
        return dg.MaterializeResult(
            value=None,
            metadata={
                "candidates": result.candidates,
                "to_send": result.send,
                "new_intents": result.added,
                **{f"suppressed_{reason}": count for reason, count in sorted(suppressed.items())},
            },
        )

    return decision


def _sync(brand: Brand, destination: str) -> dg.AssetsDefinition:
    setting = brand.file.destinations[destination]

    @dg.asset(
        key=dg.AssetKey(["sync", destination]),
        deps=[DECISION],
        partitions_def=days(brand),
        group_name="sync",
        kinds={"python", setting.kind},
        owners=OWNERS,
        description=f"Messages to {destination} ({setting.kind}), each once: intents are committed before a connection "
        "is opened.",
        metadata={"delivery_allowed_by_brand_file": setting.delivery},
    )
    def sync(deployment: Deployment) -> dg.MaterializeResult[None]:
        result = dispatcher.dispatch(
            deployment.load(),
            destinations=[destination],
            delivery=deployment.delivery(),
            wait_seconds=deployment.wait_seconds,
            on_progress=lambda name, did: say(f"send {name}", _told(did)),
        )
        metadata: dict[str, int | str] = {}
        for item in result.destinations:
            metadata |= {"delivery": item.delivery, **{f"did_{name}": count for name, count in item.did.items()}}
            metadata |= {f"now_{state}": count for state, count in item.states.items()}
            if item.trouble:
                raise dg.Failure(description=item.trouble, metadata=metadata)
        return dg.MaterializeResult(value=None, metadata=metadata)

    return sync


def _told(did: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in did.items()) or "nothing yet"
