-- Tally: the books at one moment: announced = outcomes + waiting + leased. Changes nothing.
--
-- KEYS  1 counts  2 entries  3 leases  4 clock
-- ARGV  none
-- Returns { counts (field, value, ...), open entries, leased entries, now }

local leased = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
    if kind_of(member) == 'e' then leased = leased + 1 end
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HLEN', KEYS[2]), leased, now_ms(KEYS[4]) }
