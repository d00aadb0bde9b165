import { z } from 'zod';
import { failureOf, type RemoteRun } from '../ssh/remoteScript.ts';

const wentLive = z.object({
  at: z.string(),
  version: z.string(),
  release: z.string(),
  /** Whether the machine has its folder; images may be gone nevertheless */
  kept: z.boolean(),
  /** Whether somebody went back from it */
  left: z.boolean(),
});

/** A release as a machine has noted it when it went live */
export type WentLive = z.infer<typeof wentLive>;

const way = z.object({
  live: z.string(),
  version: z.string(),
  release: z.string(),
  steps: z.array(z.object({ does: z.string(), reason: z.string() })),
  /** Why there is no way; empty where there is one */
  refused: z.string(),
});

/** The way back of a machine: its steps, or why there is none */
export type WayBack = z.infer<typeof way>;

/**
 * Reads a machine's history, latest first
 * @throws with the machine's words where it could not tell
 */
export const toldHistory = (run: RemoteRun): readonly WentLive[] => z.array(wentLive).parse(json(run));

/** Reads a machine's way back; what it refuses is a part of it */
export function toldWay(run: RemoteRun): WayBack {
  if (run.code === 0) return way.parse(json(run));
  return { live: '', version: '', release: '', steps: [], refused: failureOf(run).replace(/^error: /, '') };
}

function json(run: RemoteRun): unknown {
  if (run.code !== 0) throw new Error(failureOf(run));
  try {
    return JSON.parse(run.stdout);
  } catch {
    throw new Error('its answer has an unexpected format: is its berth version different?');
  }
}
