with totals as (
    select
        trade_date,
        session,
        code,
        time_bucket(to_minutes({minutes}), exchange_time) as time,
        coalesce(sum(size) filter (side = 'buy'), 0)::bigint as bought,
        coalesce(sum(size) filter (side = 'sell'), 0)::bigint as sold,
        coalesce(sum(size) filter (side is null), 0)::bigint as unknown
    from trades
    where {code} and {date}
    group by all
)
select trade_date, session, code, time, bought, sold, bought - sold as net, unknown
from totals
order by time, code
