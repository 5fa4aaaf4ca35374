-- Learn: what an outlet remembers of its last articles, one a line, the newest last. An article that was remembered before
-- is replaced where it stands and keeps its time, so to learn it twice, or after a revision, changes nothing else: neither
-- does it outlive the others, nor is the next article kept waiting.
--
-- KEYS  1 clock  2 repeats of the outlet
-- ARGV  1 article id  2 what is remembered of it (one line)  3 how many articles are remembered  4 time to live (ms)
-- Returns all of it, as it is now: "id ms what" a line, ms: when it was first learned

local clock, repeats, id = KEYS[1], KEYS[2], ARGV[1]
local lines, known = {}, false
for line in string.gmatch(redis.call('GET', repeats) or '', '[^\n]+') do
    local its_id, since = string.match(line, '^(%S+) (%S+)')
    if its_id == id then
        line, known = id .. ' ' .. since .. ' ' .. ARGV[2], true
    end
    lines[#lines + 1] = line
end
if not known then lines[#lines + 1] = string.format('%s %.0f %s', id, now_ms(clock), ARGV[2]) end
local text = table.concat(lines, '\n', math.max(1, #lines - tonumber(ARGV[3]) + 1))
redis.call('SET', repeats, text, 'PX', ARGV[4])
return text
