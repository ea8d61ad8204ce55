with points as (
    select
        trade_date,
        session,
        series,
        kind,
        code,
        time_bucket(to_minutes({minutes}), exchange_time) as time,
        arg_max(iv, volume) as iv,
        abs(arg_max(delta, volume)) as delta
    from trades
    where {series} and {date} and kind in ('call', 'put') and iv > 0 and delta <> 0
    group by all
),
pairs as (
    select
        *,
        lead(delta) over strikes as next_delta,
        lead(iv) over strikes as next_iv
    from points
    window strikes as (partition by trade_date, session, series, kind, time order by delta)
),
wings as (
    select
        trade_date,
        session,
        series,
        time,
        kind,
        case when delta = 0.25 then iv
            else iv + (0.25 - delta) / (next_delta - delta) * (next_iv - iv) end as iv
    from pairs
    where delta = 0.25 or (delta < 0.25 and next_delta > 0.25)
),
smiles as (
    select
        trade_date,
        session,
        series,
        time,
        avg(iv) filter (kind = 'call') as call_iv,
        avg(iv) filter (kind = 'put') as put_iv
    from wings
    group by all
)
select
    trade_date,
    session,
    series,
    time,
    round(call_iv, 2) as call_iv,
    round(put_iv, 2) as put_iv,
    round(put_iv - call_iv, 2) as skew
from smiles
order by time, series
