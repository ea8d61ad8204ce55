select
    trade_date,
    time_bucket(to_minutes({minutes}), exchange_time) as time,
    arg_min(price, volume) as open,
    max(price) as high,
    min(price) as low,
    arg_max(price, volume) as close,
    sum(size)::bigint as volume,
    count(*) as trades
from trades
where {code} and {date} and size > 0
group by all
order by time
