-- What several scripts share; the loader puts it in front of each.
--
-- A *member* names one piece of work in queues and leases: "e:<entry id>", "a:<entry id>" (another look at its article),
-- "s:<source id>" (a poll) or "r:<host>" (robots.txt). Records are flat JSON (strings, integers, booleans, null): only
-- those survive cjson's decode and encode unchanged. All times are milliseconds since 1970.

-- The store's clock plus the offset that tests inject; workers' clocks don't matter.
local function now_ms(clock)
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(redis.call('GET', clock) or 0)
end

local function kind_of(member) return string.sub(member, 1, 1) end
local function id_of(member) return string.sub(member, 3) end

-- Who holds a piece of work: { token, host, worker, since (ms), due (ms; when the work was due) }, or nil.
local function holder_of(holders, member)
    local holder = redis.call('HGET', holders, member)
    return holder and cjson.decode(holder) or nil
end

-- The holder of a lease, if this token still is its; else nil, and the caller answers STALE and writes nothing.
local function holds(holders, member, token)
    local holder = holder_of(holders, member)
    return holder and holder.token == token and holder or nil
end

-- Put a host where its next work stands: not before its slot is free, not before the work is due. Hosts that can be
-- claimed now stand in line, since when they could be: one that gets more work keeps its place and overtakes nobody,
-- however long its work has waited.
local function reschedule(hosts, slots, queue, host, now)
    local head = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')
    if not head[1] then
        redis.call('ZREM', hosts, host)
        return
    end
    local free = tonumber(redis.call('ZSCORE', slots, host) or 0)
    local at = math.max(tonumber(head[2]), free)
    if at <= now then at = math.min(now, tonumber(redis.call('ZSCORE', hosts, host) or now)) end
    redis.call('ZADD', hosts, at, host)
end

-- When work that goes back is due: after its wait, or at once, in the place that it had. A pass that began after the work
-- was due still takes it, then; and its age is told right.
local function due_again(holder, now, wait) return wait > 0 and now + wait or holder.due or now end

-- End a lease: nobody holds the member any more, and its host's slot is free again at `free_at`. If other work has the slot
-- by now (the lease had expired), the host rests until then all the same: "rest:<host>" waits for the end of that work.
local function end_lease(leases, holders, slots, member, host, free_at)
    redis.call('ZREM', leases, member)
    redis.call('HDEL', holders, member)
    local owner = redis.call('HGET', holders, 'slot:' .. host)
    local rest = tonumber(redis.call('HGET', holders, 'rest:' .. host) or 0)
    if owner == member then
        redis.call('HDEL', holders, 'slot:' .. host, 'rest:' .. host)
        redis.call('ZADD', slots, math.max(free_at, rest), host)
    elseif owner then
        redis.call('HSET', holders, 'rest:' .. host, string.format('%.0f', math.max(free_at, rest)))
    else
        redis.call('ZADD', slots, 'GT', free_at, host)
    end
end

-- Note how long a host took over a piece of work: `since` is when it was claimed (nil: it never ended). The pace is a mean
-- in which each new piece counts an eighth, like TCP's smoothed round trip time (RFC 6298, 2.3). A host without work is
-- forgotten, so there are never more of them than in `hosts`.
local function note_pace(pace, hosts, host, since, now)
    if not redis.call('ZSCORE', hosts, host) then
        redis.call('ZREM', pace, host)
    elseif since then
        local took = math.max(0, now - since)
        local mean = tonumber(redis.call('ZSCORE', pace, host) or took)
        redis.call('ZADD', pace, math.floor(mean + (took - mean) / 8 + 0.5), host)
    end
end

-- Count the one outcome of an entry, and forget its record.
local function end_entry(entries, counts, id, outcome)
    redis.call('HDEL', entries, id)
    redis.call('HINCRBY', counts, 'outcome:' .. outcome, 1)
end

-- The oldest id that a stream keeps which keeps `keep` ms. Stream ids are the server's own time, without the offset.
local function oldest_id(keep) return string.format('%.0f', redis.call('TIME')[1] * 1000 - tonumber(keep)) end

-- Append to a stream, which keeps `keep` ms.
local function append(stream, keep, ...)
    redis.call('XADD', stream, 'MINID', '~', oldest_id(keep), '*', ...)
end

-- Give an entry up, but keep it where it can be looked at and replayed.
local function bury(entries, counts, dead, keep, id, record, reason, detail)
    end_entry(entries, counts, id, 'dead:' .. reason)
    append(dead, keep, 'id', id, 'reason', reason, 'detail', detail, 'record', cjson.encode(record))
end

-- What the watchlist says of a source, which is not a poll's to change.
local function take_over(state, watchlist)
    for _, field in ipairs({ 'outlet', 'kind', 'every_ms', 'longest_ms', 'first_look_ms' }) do
        state[field] = watchlist[field]
    end
end

-- What stands in front of articles that we may not see. It counts against the health of each source that announced the
-- page: `state.wall` and how many of its last pages were such, `state.walls`. The next article heals it.
local WALLS = { ['bot-challenge'] = true, ['consent-wall'] = true }

-- Note how a page ended: `reason` is a wall's, another ('timeout': tells nothing), or '' for an article. The record of the
-- page must still be there.
local function note_page(sources, records, id, reason)
    if reason ~= '' and not WALLS[reason] then return end
    local page = redis.call('HGET', records, id)
    if not page then return end
    for source in string.gmatch(cjson.decode(page).via, '%S+') do
        local raw = redis.call('HGET', sources, source)
        -- Nearly always it was well, and is: then its state, of a kilobyte and more, need not be decoded.
        if raw and not (reason == '' and string.find(raw, '"walls":0[,}]')) then
            local state = cjson.decode(raw)
            state.walls = reason == '' and 0 or state.wall == reason and state.walls + 1 or 1
            state.wall = reason
            redis.call('HSET', sources, source, cjson.encode(state))
        end
    end
end

-- The revision that the store has of an article; 0: none.
local function revision_of(article)
    local state = redis.call('GET', article)
    return state and cjson.decode(state).revision or 0
end

-- A recheck is over: queue the next of its plan, or forget it. `recheck` is '' or the next record, due after `wait` ms.
local function plan_recheck(rechecks, queue, id, recheck, due)
    if recheck == '' then
        redis.call('HDEL', rechecks, id)
        redis.call('ZREM', queue, 'a:' .. id)
    else
        redis.call('HSET', rechecks, id, recheck)
        redis.call('ZADD', queue, due, 'a:' .. id)
    end
end
