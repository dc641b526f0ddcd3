-- grain: one row per campaign and channel it may use for this brand
-- Made from the campaigns' YAML by `python -m orchestration.activation.campaigns`: change it there.
with rows_of_all_brands as (
    -- generated from campaigns/*.yml: begin
    select
        {{ cast_text("'win_back'") }} as campaign_id,
        {{ cast_text("'*'") }} as brand,
        {{ cast_text("'email'") }} as channel,
        {{ cast_text("'marketing'") }} as purpose,
        {{ cast_text("'marketing'") }} as message_class,
        {{ cast_text("'win_back'") }} as content_key,
        {{ cast_text("'every_occasion'") }} as re_entry,
        1 as channel_rank,
        50 as priority,
        60 as cool_down_days,
        14 as valid_for_days
-- generated from campaigns/*.yml: end
),

final as (
    select
        campaign_id,
        channel,
        purpose,
        message_class,
        content_key,
        re_entry,
        channel_rank,
        priority,
        cool_down_days,
        valid_for_days
    from rows_of_all_brands
    where brand in ('*', '{{ var("brand") }}')
)

select * from final
