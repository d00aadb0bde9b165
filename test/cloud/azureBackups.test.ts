import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { azurite } from '../repositories/azurite.ts';
import { promisesOf } from '../repositories/promises.ts';
import { diskOf, type Repository, ran, whoseTimeEnds } from '../repositories/restic.ts';

describe("Azure's blobs, by Microsoft's own Azurite", () => {
  let repository: Repository & { close(): void };
  beforeAll(async () => {
    repository = await azurite();
  });
  afterAll(() => repository?.close());
  promisesOf(() => repository);

  // There restic asks again for a quarter of an hour
  test('a bucket that is gone, or was never made, is told as such', async () => {
    const soon = whoseTimeEnds('#!/bin/sh\nshift\nexec /usr/bin/timeout 8 "$@"\n');
    const said = await ran(repository, diskOf('never-made'), 'take', soon);
    const why = 'the bucket of the repository is gone, or was never made: nothing was done';
    expect(said).toMatchObject({ code: 1, output: expect.stringContaining(why) });
  });
});
