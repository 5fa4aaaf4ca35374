-- Fingerprint: what is another as soon as anybody has worked on the store. Changes nothing.
--
-- KEYS  1 counts  2 leases  3 desk  4 sources, then the streams
-- ARGV  none
-- Returns a digest (hex)
--
-- Each claim draws a token and each outcome is counted (counts), a living worker renews (leases) and so does a desk (desk),
-- a watchlist that changes brings or takes sources, and whatever is published, told or given up is in a stream. The
-- server's run is part of it: the cursor of a scan means nothing to a server that started anew or took over.

local counts, leases, desk, sources = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local parts = { string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') }

-- The same hash may list its fields in another order while the server resizes it.
local function add_hash(key)
    local flat, fields = redis.call('HGETALL', key), {}
    for i = 1, #flat, 2 do fields[#fields + 1] = flat[i] .. '=' .. flat[i + 1] end
    table.sort(fields)
    parts[#parts + 1] = table.concat(fields, '\n')
end

add_hash(counts)
parts[#parts + 1] = table.concat(redis.call('ZRANGE', leases, 0, -1, 'WITHSCORES'), '\n')
add_hash(desk)
parts[#parts + 1] = redis.call('HLEN', sources)
for i = 5, #KEYS do
    local last = redis.call('XREVRANGE', KEYS[i], '+', '-', 'COUNT', 1)[1]
    parts[#parts + 1] = redis.call('XLEN', KEYS[i]) .. ' ' .. (last and last[1] or '-')
end
return redis.sha1hex(table.concat(parts, '\n\n'))
