-- grain: one row per source and lead, what became of it, or record of a partner that names a person
{%- set lead = {'campaign_id': 'campaign_id', 'product_id': 'product_id', 'store_id': 'store_id'} %}
{%- set lost = lead.copy() %}
{%- do lost.update({'content_key': 'lost_reason'}) %}
with final as (
    {{ touch('lead.lead', "'lead_created'", 'lead_source', "'lead'", told=lead) }}
    union all
    {{
        touch(
            'lead.lead', told_as('status', {'won': 'lead_won', 'lost': 'lead_lost'}),
            'lead_source', "'lead'", at='closed_at', part='closed',
            where="status in ('won', 'lost')", told=lost,
        )
    }}
    union all
    {{
        touch(
            'partner.record',
            "case when lower(record_type) = 'visit' then 'partner_visited' else 'partner_told' end",
            "'partner'", 'partner_id', where="consent_basis <> 'aggregate_only'",
            told={'content_key': 'record_type', 'campaign_id': 'campaign_id'},
        )
    }}
)

select * from final
