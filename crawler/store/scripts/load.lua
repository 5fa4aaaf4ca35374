-- Load: one command of a load, if that load is still the one under way.
--
-- KEYS  1 loading  2 the key to write
-- ARGV  1 token of the load  2 command, with its subcommand if it has one ("HSET", "XGROUP CREATE")
--       then what follows the key
-- Returns what the command returns, or "STALE" (another load began: nothing was written)

local loading, key = KEYS[1], KEYS[2]
if redis.call('GET', loading) ~= ARGV[1] then return 'STALE' end

local words = {}
for word in string.gmatch(ARGV[2], '%S+') do words[#words + 1] = word end
words[#words + 1] = key
for i = 3, #ARGV do words[#words + 1] = ARGV[i] end
return redis.call(unpack(words))
