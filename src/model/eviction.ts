/** What a full Redis removes before it accepts more, by Redis' own names */
export const evictions = [
  ...(['noeviction', 'volatile-lru', 'volatile-lfu', 'volatile-ttl', 'volatile-random'] as const),
  ...(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'] as const),
] as const;
export type Eviction = (typeof evictions)[number];
