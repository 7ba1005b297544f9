/** What Redis has no single command for. Each script touches one key, so it runs on a Cluster; Redis runs it as one step. */
export const redisScripts = {
  compareAndSetEntry: {
    numberOfKeys: 1,
    lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
else
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
end
return 1`,
  },
  incrementCounter: {
    numberOfKeys: 1,
    lua: `
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left >= 0 then return { count, left } end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return { count, redis.call('PTTL', KEYS[1]) }`,
  },
  decrementCounter: {
    numberOfKeys: 1,
    lua: `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1`,
  },
  addIndexMember: {
    numberOfKeys: 1,
    lua: `
redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < ARGV[2] * 1000 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 1`,
  },
};

/** The scripts as methods of a client. */
export interface ScriptedCommands {
  compareAndSetEntry(key: string, expected: string, next: string, ttlSeconds: string): Promise<number>;
  incrementCounter(key: string, ttlSeconds: number): Promise<[count: number, ttlMs: number]>;
  decrementCounter(key: string): Promise<number>;
  addIndexMember(key: string, member: string, ttlSeconds: number): Promise<number>;
}
