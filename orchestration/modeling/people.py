"""The customers that can be compared: one person each, with what records tell of name, birthday and address.

Here: reading them, clear values included, which takes a role that may read the vault. Not here: their comparable forms
(traits.py), who is one customer (dbt_project/models/identity), which of several names survives (the customer's traits).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orchestration.identity.desk import Desk
from orchestration.modeling import traits
from orchestration.modeling.traits import Person

ROLE = "support"
"""Who reads: of the brand's roles the only one that sees clear values."""

# A trait of the customer comes first; what no trait rule tells completes it: a lead's word, then where the newest own
# order went. An order tells of its buyer only where the parcel goes to the buyer's own number, and is no gift.
_TOLD = """
    with told as (
        select
            customer_key, trait as field, trait_value as value, 1 as place, told_at,
            source || ' ' || contract as record_key
        from staging.int_customer__trait
        where trait in ('full_name_key', 'birthday', 'is_lunar_birthday', 'home_city')
        union all
        select
            tel.customer_key, 'address_key', mem.address_key, 1, mem.registered_at, tel.source || ' ' || tel.record_key
        from staging.int_customer__trait_teller as tel
        inner join staging.stg_crm__member as mem
            on tel.contract = 'crm.member' and mem.source = tel.source and mem.member_id_key = tel.record_key
        union all
        select tel.customer_key, fact.field, fact.value, 2, lea.created_at, tel.source || ' ' || tel.record_key
        from staging.int_customer__trait_teller as tel
        inner join staging.stg_lead__lead as lea
            on tel.contract = 'lead.lead' and lea.source = tel.source and lea.lead_id = tel.record_key
        cross join lateral (
            values
            ('birthday', cast(lea.birthday as text)), ('home_city', lea.home_city), ('address_key', lea.address_key)
        ) as fact (field, value)
        union all
        select ide.customer_key, fact.field, fact.value, 3, ord.ordered_at, ord.source || ' ' || ord.order_id
        from staging.stg_shop__order as ord
        inner join identity.int_identity__customer_identifier as ide
            on ide.identifier_key = ord.phone_key and ide.is_strong and ide.is_usable and ide.is_held
        cross join lateral (
            values
            ('full_name_key', ord.recipient_name_key),
            ('home_city', ord.recipient_city),
            ('address_key', ord.recipient_address_key)
        ) as fact (field, value)
        where ord.recipient_phone_key = ord.phone_key and not coalesce(ord.is_gift, false)
    ),
    surviving as (
        select distinct on (customer_key, field) customer_key, field, value
        from told where trim(value) <> ''
        order by customer_key, field, place, told_at desc nulls last, record_key
    ),
    whole as (
        select
            customer_key,
            max(value) filter (where field = 'full_name_key') as name_key,
            max(value) filter (where field = 'birthday') as birthday,
            max(value) filter (where field = 'is_lunar_birthday') as is_lunar,
            max(value) filter (where field = 'address_key') as address_key,
            max(value) filter (where field = 'home_city') as city
        from surviving group by customer_key
    ),
    best as (
        select distinct on (customer_key) customer_key, identifier_key
        from identity.int_identity__customer_identifier
        where is_strong and is_usable and is_held
        order by customer_key, priority, identifier_key
    )
    select
        best.customer_key, best.identifier_key, nam.value, whole.birthday, coalesce(whole.is_lunar, 'false'),
        adr.value, whole.city
    from whole
    inner join best on best.customer_key = whole.customer_key
    left join vault.clear_value as nam on nam.value_key = whole.name_key
    left join vault.clear_value as adr on adr.value_key = whole.address_key
    where coalesce(whole.name_key, whole.birthday, whole.address_key) is not null
    order by best.identifier_key
"""
_UNIQUE_HELD = """
    select distinct ide.customer_key, ide.namespace
    from identity.int_identity__customer_identifier as ide
    inner join identity.int_identity__identifier as own
        on own.identifier_key = ide.identifier_key and own.is_unique
    where ide.is_strong and ide.is_usable
"""
_APART = """
    with said as (
        select distinct on (left_key, right_key) left_key, right_key, decision
        from ops.identity_decision where decision <> 'withdraw'
        order by left_key, right_key, as_of desc, decided_at desc, case when decision = 'refuse' then 0 else 1 end
    )
    select one.customer_key, other.customer_key
    from said
    inner join identity.int_identity__strong_identifier as one on one.identifier_key = said.left_key
    inner join identity.int_identity__strong_identifier as other on other.identifier_key = said.right_key
    union
    select left_customer_key, right_customer_key from identity.int_identity__quarantined_link
"""


@dataclass(frozen=True)
class People:
    """Those who can be compared, in the order of their keys.

    `customers`: the customer of each key. `unique_held`: of a customer, the namespaces that allow one value and have
    it. `settled`: pairs of customers about whom a person said a word, or who wait in review for a link of records.
    """

    people: list[Person]
    customers: dict[str, str]
    unique_held: dict[str, set[str]]
    settled: set[frozenset[str]]


def read(desk: Desk) -> People:
    """Everybody of whom a name, a birthday or an address is known, by the best identifier that still is theirs.

    The desk must see clear values.
    """
    people: list[Person] = []
    customers: dict[str, str] = {}
    for customer_key, key, name, birthday, is_lunar, address, city in desk.rows(_TOLD):
        customers[key] = customer_key
        born = date.fromisoformat(birthday) if birthday else None
        people.append(
            traits.person(key, name=name, birthday=born, is_lunar=is_lunar == "true", address=address, city=city)
        )
    held: dict[str, set[str]] = {}
    for customer_key, namespace in desk.rows(_UNIQUE_HELD):
        held.setdefault(customer_key, set()).add(namespace)
    return People(people, customers, held, {frozenset(pair) for pair in desk.rows(_APART)})
