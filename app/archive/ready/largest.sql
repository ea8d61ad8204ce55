select trade_date, session, code, exchange_time, price, size, side, bid, ask
from trades
where {code} and {date}
order by size desc, exchange_time
limit {count}
