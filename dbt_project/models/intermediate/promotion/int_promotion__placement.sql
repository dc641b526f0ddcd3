-- grain: one row per product, store, first day and last day on display or in the mailer
-- Between free_from_date (empty: nothing was shown before) and its first day the store did not show
-- the product.
with placements as (
    select
        product_id,
        store_id,
        start_date,
        coalesce(end_date, {{ add_days('start_date', '6') }}) as end_date,
        case when coalesce(display_location, '0') <> '0' then 1 else 0 end as display_flag,
        case when coalesce(mailer_location, '0') <> '0' then 1 else 0 end as mailer_flag
    from {{ ref('stg_promotion__placement') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

shown as (
    select
        placements.product_id,
        placements.store_id,
        placements.start_date,
        placements.end_date,
        max(placements.display_flag) + 2 * max(placements.mailer_flag) as tools
    from placements
    cross join clock
    where
        placements.display_flag + placements.mailer_flag > 0
        and placements.start_date <= clock.as_of_date
    group by
        placements.product_id,
        placements.store_id,
        placements.start_date,
        placements.end_date
),

ordered as (
    select
        product_id,
        store_id,
        start_date,
        end_date,
        case tools when 1 then 'display' when 2 then 'mailer' else 'display_and_mailer' end
            as promotion_type,
        max(end_date) over (
            partition by store_id, product_id
            order by start_date, end_date
            rows between unbounded preceding and 1 preceding
        ) as shown_until_date,
        max(end_date) over (partition by store_id, product_id) as last_shown_date
    from shown
),

final as (
    select
        product_id,
        store_id,
        promotion_type,
        start_date,
        end_date,
        {{ add_days('shown_until_date', '1') }} as free_from_date,
        last_shown_date
    from ordered
)

select * from final
