with steps as (
    select
        *,
        coalesce(received - lag(received) over auction > interval 15 minutes, false) as is_new
    from expected
    where {code} and {date} and price > 0
    window auction as (partition by trade_date, session, code order by received)
),
numbered as (
    select *, count_if(is_new) over (
        partition by trade_date, session, code order by received
    ) as auction
    from steps
),
auctions as (
    select
        trade_date,
        session,
        code,
        auction,
        arg_min(price, received) as first_expected,
        arg_max(price, received) as last_expected,
        max(exchange_time) as ended
    from numbered
    group by all
),
results as (
    select a.*, (
        select arg_min(t.price, t.volume)
        from trades as t
        where
            t.trade_date = a.trade_date and t.session = a.session and t.code = a.code
            and t.exchange_time > a.ended and t.exchange_time <= a.ended + interval 5 minutes
    ) as uncross
    from auctions as a
)
select
    trade_date,
    session,
    code,
    ended,
    first_expected,
    last_expected,
    uncross,
    round(uncross - last_expected, 4) as gap
from results
order by ended, code
