// Loaded into Azurite before it starts. restic sends an empty x-ms-access-tier where no tier is asked for, which Azure takes for
// none and Azurite refuses (https://github.com/rclone/rclone/pull/6914 met the same).
const { realpathSync } = require('node:fs');
const { createRequire } = require('node:module');

const own = createRequire(realpathSync(process.argv[1]));
const { prototype } = own('azurite/dist/src/blob/handlers/BlockBlobHandler').default;

for (const operation of ['upload', 'commitBlockList']) {
  const handle = prototype[operation];
  prototype[operation] = function withoutEmptyTier(...given) {
    for (const one of given) if (one?.tier === '') delete one.tier;
    return handle.apply(this, given);
  };
}
