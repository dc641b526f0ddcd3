-- grain: one row per source and movement id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['movement_id'] %}
{{ config(**restated_by_landing('raw_voucher__gift_card', key, dated_by='moved_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_voucher__gift_card'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('moved_at') }} as moved_date
    from records
),

final as (
    select
        _source as source,
        movement_id,
        gift_card_id,
        card_form,
        movement_type,
        moved_at,
        moved_date,
        amount,
        currency,
        order_id,
        store_id,
        member_id_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('moved_date') }}
)

select * from final
