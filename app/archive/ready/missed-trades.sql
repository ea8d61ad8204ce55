select
    trade_date,
    session,
    code,
    sum(size)::bigint as received,
    sum(missed)::bigint as missed,
    round(100 * sum(missed) / sum(size + coalesce(missed, 0)), 2) as percent
from trades
where {code} and {date}
group by all
having sum(missed) > 0
order by trade_date, session, missed desc, code
