import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promisesOf } from '../repositories/promises.ts';
import { diskOf, type Repository, ran, whoseTimeEnds } from '../repositories/restic.ts';
import { swift } from '../repositories/swift.ts';

// restic as a system's jobs run it, with the environment that they are given, against the servers of other buckets than S3's

describe('OpenStack Swift', () => {
  let repository: Repository & { close(): void };
  beforeAll(async () => {
    repository = await swift();
  }, 400_000);
  afterAll(() => repository?.close());
  promisesOf(() => repository);

  test('a repository that does not answer is told as such', async () => {
    const said = await ran(repository, diskOf('silent'), 'take', whoseTimeEnds('#!/bin/sh\nexit 124\n'));
    const why = 'has not answered within 120 s: nothing was done';
    expect(said).toMatchObject({ code: 1, output: expect.stringContaining(why) });
  });
});
