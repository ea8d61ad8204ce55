select
    trade_date,
    session,
    code,
    arg_min(price, volume) as open,
    max(price) as high,
    min(price) as low,
    arg_max(price, volume) as close,
    max(volume) as volume,
    count(*) as trades,
    min(exchange_time) as first,
    max(exchange_time) as last
from trades
where {code} and {date} and size > 0
group by all
order by trade_date, session, volume desc, code
