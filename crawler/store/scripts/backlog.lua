-- Backlog: how much is due at these hosts, by kind and age. Changes nothing.
--
-- KEYS  1 clock, then the queue of each host
-- ARGV  1 how many pieces of work may be looked at  2 number of age classes, but for the last  3 their upper bounds (ms)
--       then for each host: how deep in its queue to begin (0: the head)
-- Returns { due at each host, due by class, where to go on in each queue (-1: it was counted to its end) }
--       due by class: entries of each age class, the youngest first; then rechecks; then polls
--
-- Age is how long the work could have been taken, were its host free.

local now, left, classes = now_ms(KEYS[1]), tonumber(ARGV[1]), tonumber(ARGV[2]) + 1
local bounds = {}
for i = 1, classes - 1 do bounds[i] = tonumber(ARGV[2 + i]) end
local before = { e = 0, a = classes, s = 2 * classes }
local counts = {}
for i = 1, 3 * classes do counts[i] = 0 end

local function count(member, age)
    local class = 1
    while class < classes and age >= bounds[class] do class = class + 1 end
    local at = before[kind_of(member)] + class
    counts[at] = counts[at] + 1
end

local due, depths = {}, {}
for i = 1, #KEYS - 1 do
    local queue, depth = KEYS[1 + i], tonumber(ARGV[1 + classes + i])
    due[i] = redis.call('ZCOUNT', queue, '-inf', now)
    local last = math.min(due[i], depth + left)
    if last > depth then
        local batch = redis.call('ZRANGE', queue, depth, last - 1, 'WITHSCORES')
        for j = 1, #batch, 2 do count(batch[j], now - tonumber(batch[j + 1])) end
        left = left - (last - depth)
    end
    depths[i] = last < due[i] and last or -1
end
return { due, counts, depths }
