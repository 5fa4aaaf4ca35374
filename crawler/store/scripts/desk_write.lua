-- Write what the desk decided, in one step: stories, their events, alerts owed and sent, and how far it has read.
--
-- KEYS  1 clock  2 desk  3 stories stream  4 alerts stream  5 features  6 outbox  7 times of stories  8 dead stream
--       9... the stories
-- ARGV  1 fencing token  2 offset that the decision was based on  3 offset from now on
--       4 how long streams keep events (ms)  5 how long a story outlives its last change (ms)
--       6 the changes, a JSON object of lists: "stories" {id, JSON}, in the order of KEYS; "events" and "alerts"
--         {type, event}; "features" {articleId, text}; "forgotten" articleIds, whose features go; "outbox" {id, JSON,
--         or "" to remove it}; "dead" {articleId, reason, detail, event}. Every leaf is text, which cjson leaves as it is.
-- Returns "OK" or "STALE" (the desk is another's, or the decision is old: nothing was written), and now (ms)
--
-- Sent again after a lost reply it must do nothing. Where the offset moved it answers STALE, and Python looks why. Where
-- it didn't (an alert was worded, sent or put off) the outbox tells: it is as the changes want it already.

local clock, desk, stories, alerts, features, outbox, times, dead =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local before, after, keep, remember = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now = now_ms(clock)
if redis.call('HGET', desk, 'fence') ~= ARGV[1] then return { 'STALE', now } end
if (redis.call('HGET', desk, 'offset') or '0-0') ~= before then return { 'STALE', now } end

local changes = cjson.decode(ARGV[6])
if before == after and #changes.outbox > 0 then
    local fresh = false
    for _, item in ipairs(changes.outbox) do
        if (redis.call('HGET', outbox, item[1]) or '') ~= item[2] then fresh = true end
    end
    if not fresh then return { 'OK', now } end
end

redis.call('HSET', desk, 'offset', after)
for i, story in ipairs(changes.stories) do
    redis.call('SET', KEYS[8 + i], story[2], 'PX', remember)
    redis.call('ZADD', times, now, story[1])
end
redis.call('ZREMRANGEBYSCORE', times, '-inf', now - tonumber(remember))
for _, event in ipairs(changes.events) do append(stories, keep, 'type', event[1], 'event', event[2]) end
for _, event in ipairs(changes.alerts) do append(alerts, keep, 'type', event[1], 'event', event[2]) end
for _, item in ipairs(changes.features) do redis.call('HSET', features, item[1], item[2]) end
for _, id in ipairs(changes.forgotten) do redis.call('HDEL', features, id) end
for _, item in ipairs(changes.outbox) do
    if item[2] == '' then redis.call('HDEL', outbox, item[1]) else redis.call('HSET', outbox, item[1], item[2]) end
end
for _, item in ipairs(changes.dead) do
    append(dead, keep, 'id', item[1], 'reason', item[2], 'detail', item[3], 'event', item[4])
end
return { 'OK', now }
