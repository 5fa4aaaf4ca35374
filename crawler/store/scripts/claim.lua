--@include _wish.lua
-- Claim: give a worker the next work of hosts whose slot is free, one piece a host.
--
-- KEYS  1 clock  2 leases  3 holders  4 hosts  5 slots  6 pace  7 entries  8 rechecks  9 sources  10 counts
--       then for each candidate host: its queue, its robots
-- ARGV  1 worker  2 pieces wanted  3 lease (ms)
--       4 horizon: polls and rechecks due later are left alone (ms; '' = now)
--       5 kinds of source wanted ("feed page", '' = all)  6 outlets wanted (JSON array, '' = all)
--       7 where in the line of hosts to look for the next candidates: since when they stand there (ms; 0: from the first)
--       8 how many to leave out of those that stand there since then  9 how many to name
--       10 how many pieces of work may be looked at
--       then for each candidate host: its name, since when it stands in line ('': named by others), how deep in its queue
--       to begin (0: the head)
-- Returns { now, works, deeper, place, candidates, wake, expired }
--       works: member, token, robots stamp, record, one after the other (a poll, page, recheck or robots.txt alike)
--       deeper: host, depth of those that may have some deeper in their queue, and are to be looked at again from there
--       place: 7 and 8 for the next call, behind those in line that have nothing for this worker or have it deeper
--       candidates: host, since when it stands in line, of the next to be passed with their keys
--       wake: when the next host is due (-1: none)
--       expired: member, host of leases to reap
--
-- A host has one slot: while it is leased, and for a gap after, the host stands in `hosts` at the time it is free again.
-- `holders` names the member that occupies it ("slot:<host>"): only that one may renew or shorten it.
-- Keys of hosts can't be known before a look at `hosts`, so each call names the candidates of the next.
-- However many hosts stand in line, and however much waits for them, a call costs about the same: it looks at no more than
-- it is told to.

local clock, leases, holders, hosts, slots, pace = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local records = { e = KEYS[7], a = KEYS[8], s = KEYS[9] }
local counts = KEYS[10]
local worker, wanted, lease_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now_ms(clock)
local wish, look = read_wish(ARGV[4], ARGV[5], ARGV[6], now), { left = tonumber(ARGV[10]), tidy = true }

-- Slots that are free again: after a long rest there may be very many, of which each call drops some. What is past does no
-- harm.
local past = math.min(redis.call('ZCOUNT', slots, '-inf', now), 1000)
if past > 0 then redis.call('ZREMRANGEBYRANK', slots, 0, past - 1) end

-- A token must never come again, or a worker of before could end the lease of another. A count alone would: a server
-- that is killed or fails over may lose its last second, and with it the counts. So the time is part of it.
local function lease(member, host, due)
    local token = string.format('%.0f-%.0f', now, redis.call('HINCRBY', counts, 'tokens', 1))
    local holder = { token = token, host = host, worker = worker, since = now, due = due }
    redis.call('ZADD', leases, now + lease_ms, member)
    redis.call('HSET', holders, member, cjson.encode(holder), 'slot:' .. host, member)
    redis.call('ZADD', slots, now + lease_ms, host)
    return token
end

local from, skip = tonumber(ARGV[7]), tonumber(ARGV[8])
local function go_past(since)
    if not since then return end
    if since > from then
        from, skip = since, 1
    elseif since == from then
        skip = skip + 1
    end
end

-- The scheme of the record's address on this host: where a redirect sent it, where it moved to, where it was announced.
local function scheme_of(record, host)
    for _, field in ipairs({ 'visit', 'moved', 'url' }) do
        local address = string.lower(tostring(record[field]))
        if string.find(address, '://' .. host, 1, true) then return string.match(address, '^https:') and 'https' or 'http' end
    end
    return string.match(string.lower(record.url), '^https:') and 'https' or 'http'
end

local works, deeper = {}, {}
for i = 11, #ARGV, 3 do
    local host, since, depth = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
    local queue, robots = KEYS[11 + (i - 11) / 3 * 2], KEYS[12 + (i - 11) / 3 * 2]
    local stands = tonumber(redis.call('ZSCORE', hosts, host) or math.huge)
    -- One named by the line that was served since then stands at its end now, and is named again when its turn has come.
    local in_turn = stands <= now and (not since or since == stands)
    if in_turn and #works < 4 * wanted then -- four fields a piece
        look.dropped = false
        local member, raw, due, deep = pick(queue, records, wish, now, depth, look)
        if member then
            local record = cjson.decode(raw)
            local stamp = redis.call('HGET', robots, 'stamp')
            if not stamp then
                local url = scheme_of(record, host) .. '://' .. host .. '/robots.txt'
                member, stamp, due = 'r:' .. host, '', nil
                raw = cjson.encode({ url = url, host = host, outlet = record.outlet, kind = record.kind, hops = 0 })
            else
                redis.call('ZREM', queue, member)
            end
            local token = lease(member, host, due)
            works[#works + 1] = member
            works[#works + 1] = token
            works[#works + 1] = stamp
            works[#works + 1] = raw
            reschedule(hosts, slots, queue, host, now)
        else
            go_past(since)
            if deep then
                deeper[#deeper + 1] = host
                deeper[#deeper + 1] = deep
            end
        end
        if not member and look.dropped then -- what was dropped may have been its head, or its last
            reschedule(hosts, slots, queue, host, now)
            note_pace(pace, hosts, host, nil, now)
        end
    end
end

-- A lease without a holder was never seen; if it ever is, the others are reaped all the same.
local function host_of(member)
    local raw = redis.call('HGET', holders, member)
    local own = records[kind_of(member)]
    raw = raw or own and redis.call('HGET', own, id_of(member))
    return raw and cjson.decode(raw).host or id_of(member)
end

local candidates = redis.call('ZRANGE', hosts, from, now, 'BYSCORE', 'LIMIT', skip, ARGV[9], 'WITHSCORES')
local next_host = redis.call('ZRANGE', hosts, '(' .. now, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
local expired = {}
for _, member in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, 100)) do
    expired[#expired + 1] = member
    expired[#expired + 1] = host_of(member)
end
return { now, works, deeper, { string.format('%.17g', from), skip }, candidates, tonumber(next_host[2] or -1), expired }
