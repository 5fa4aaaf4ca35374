-- What a worker wishes for, and the first work in a queue that suits it.

-- horizon: polls and rechecks due later are left alone ('' = now); kinds: of source ("feed page", '' = all);
-- outlets: names (JSON array, '' = all).
local function read_wish(horizon, kinds, outlets, now)
    local wish = { horizon = horizon == '' and now or tonumber(horizon), kinds = kinds }
    if outlets ~= '' then
        wish.outlets = {}
        for _, name in ipairs(cjson.decode(outlets)) do wish.outlets[name] = true end
    end
    return wish
end

local function suits(wish, raw)
    if wish.kinds == '' and not wish.outlets then return true end
    local record = cjson.decode(raw)
    if wish.outlets and not wish.outlets[record.outlet] then return false end
    return wish.kinds == '' or string.find(wish.kinds, record.kind, 1, true) ~= nil
end

-- Returns member, record (JSON) and due time of the first from `depth` on that is due by `until_ms` and wished for. Or
-- nil; and a fourth, the depth to go on from, if there may be more: a million pieces that this worker leaves alone are not
-- gone through at once. `look.left` is how many may still be looked at. With `look.tidy`, work that has no record (its
-- source left the watchlist from another host's queue) is dropped, and `look.dropped` becomes true. `records`: the hash of
-- records by kind of member.
local function pick(queue, records, wish, until_ms, depth, look)
    while look.left > 0 do
        local batch = redis.call('ZRANGE', queue, depth, depth + 9, 'WITHSCORES')
        for i = 1, #batch, 2 do
            local member, due = batch[i], tonumber(batch[i + 1])
            if due > until_ms then return nil end
            look.left, depth = look.left - 1, depth + 1
            if kind_of(member) == 'e' or due <= wish.horizon then
                local raw = redis.call('HGET', records[kind_of(member)], id_of(member))
                if raw and suits(wish, raw) then
                    return member, raw, due
                elseif not raw and look.tidy then
                    redis.call('ZREM', queue, member)
                    depth, look.dropped = depth - 1, true
                end
            end
        end
        if #batch < 20 then return nil end
    end
    return nil, nil, nil, depth
end
