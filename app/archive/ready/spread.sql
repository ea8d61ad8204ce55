select
    trade_date,
    session,
    code,
    time_bucket(interval 1 hour, exchange_time) as time,
    count(*) as quotes,
    round(avg(ask - bid), 4) as spread,
    round(100 * avg((ask - bid) / ((ask + bid) / 2)), 3) as percent,
    round(avg(bid_size), 1) as bid_size,
    round(avg(ask_size), 1) as ask_size
from (
    select trade_date, session, code, exchange_time, bid, ask, bid_size, ask_size from quotes
    union all
    select trade_date, session, code, exchange_time, bid, ask, bid_size, ask_size from trades
)
where {code} and {date} and bid > 0 and ask > bid
group by all
order by time, code
