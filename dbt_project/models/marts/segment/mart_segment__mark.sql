-- grain: one row per scheme, segment, kind of mark and mark
-- How many of a segment have the mark, and how much more of them than of all who have a segment
-- (lift). Ranked within the kind: categories by what they bring, channels by customers, products
-- and pains by lift, those of var segment_least_customers first.
with members as (
    select
        scheme,
        segment,
        customer_key
    from {{ ref('mart_segment__member') }}
),

marks as (
    select
        customer_key,
        kind,
        mark,
        net_sales_amount
    from {{ ref('ftr_customer__mark') }}
),

sizes as (
    select
        scheme,
        segment,
        count(*) as member_count,
        sum(count(*)) over (partition by scheme) as scheme_member_count
    from members
    group by scheme, segment
),

counted as (
    select
        members.scheme,
        members.segment,
        marks.kind,
        marks.mark,
        count(*) as customer_count,
        sum(marks.net_sales_amount) as net_sales_amount
    from marks
    inner join members on members.customer_key = marks.customer_key
    group by members.scheme, members.segment, marks.kind, marks.mark
),

compared as (
    select
        counted.scheme,
        counted.segment,
        counted.kind,
        counted.mark,
        counted.customer_count,
        counted.net_sales_amount,
        sizes.member_count,
        sizes.scheme_member_count,
        sum(counted.customer_count) over (
            partition by counted.scheme, counted.kind, counted.mark
        ) as scheme_customer_count
    from counted
    inner join sizes
        on sizes.scheme = counted.scheme and sizes.segment = counted.segment
),

shared as (
    select
        *,
        {{ share_of('customer_count', 'member_count') }} as customer_share,
        cast(
            cast(customer_count as decimal(18, 4)) * scheme_member_count
            / (cast(scheme_customer_count as decimal(18, 4)) * member_count) as decimal(9, 4)
        ) as lift,
        case
            when
                kind in ('product', 'pain')
                and customer_count < {{ var('segment_least_customers') }}
                then 1
            else 0
        end as is_rare
    from compared
),

final as (
    select
        scheme,
        segment,
        kind,
        mark,
        customer_count,
        customer_share,
        lift,
        cast(net_sales_amount as decimal(16, 2)) as net_sales_amount,
        cast(
            row_number() over (
                partition by scheme, segment, kind
                order by
                    is_rare asc,
                    case kind
                        when 'category' then net_sales_amount
                        when 'channel' then customer_count
                        else lift
                    end desc,
                    mark asc
            ) as integer
        ) as mark_rank
    from shared
)

select * from final
