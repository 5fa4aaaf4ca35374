-- Renew the desk, or give it back with a lease of 0. A lease that ran out is brought back to life as long as nobody else
-- has claimed the desk.
--
-- KEYS  1 clock  2 desk
-- ARGV  1 fencing token  2 lease (ms)
-- Returns "OK" or "STALE" (somebody else claimed it), and now (ms)

local clock, desk = KEYS[1], KEYS[2]
local now = now_ms(clock)
if redis.call('HGET', desk, 'fence') ~= ARGV[1] then return { 'STALE', now } end
redis.call('HSET', desk, 'until', string.format('%.0f', now + tonumber(ARGV[2])))
return { 'OK', now }
