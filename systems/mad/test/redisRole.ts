/** Reads what redis-cli says to `--raw role`: `master`, `replica` for one that is in step with it, or something else */
export function roleIn(told: string): string {
  const [said = '', ...more] = told.trim().split('\n');
  return said === 'slave' && more.includes('connected') ? 'replica' : said;
}
