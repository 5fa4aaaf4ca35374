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

-- Returns member, record (JSON) and due time of the first that is due by `until_ms` and wished for, or nil.
-- `records` holds the hash of records by kind of member.
local function pick(queue, records, wish, until_ms)
    local from = 0
    while true do
        local batch = redis.call('ZRANGE', queue, '-inf', until_ms, 'BYSCORE', 'LIMIT', from, 10, 'WITHSCORES')
        if #batch == 0 then return nil end
        for i = 1, #batch, 2 do
            local member, due = batch[i], tonumber(batch[i + 1])
            if kind_of(member) == 'e' or due <= wish.horizon then
                local raw = redis.call('HGET', records[kind_of(member)], id_of(member))
                if not raw then
                    redis.call('ZREM', queue, member) -- its source left the watchlist from another host's queue
                    from = from - 1
                elseif suits(wish, raw) then
                    return member, raw, due
                end
            end
        end
        from = from + 10
    end
end
