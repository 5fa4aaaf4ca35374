-- Peek: what sort of keys these are, when they expire, and the value of those that are plain strings. Changes nothing.
--
-- KEYS  any
-- ARGV  none
-- Returns for each key { type ("none": it expired meanwhile), when it expires (ms; -1: never), value ('' if no string) }

local found = {}
for i, key in ipairs(KEYS) do
    local kind = redis.call('TYPE', key).ok
    found[i] = { kind, redis.call('PEXPIRETIME', key), kind == 'string' and redis.call('GET', key) or '' }
end
return found
