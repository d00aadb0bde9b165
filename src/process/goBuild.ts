import { totalmem } from 'node:os';

/**
 * Environment of a build of Go programs, apart from this computer's own workspace. Where there is memory for it, the compiler
 * collects its garbage less often: a fifth less processor time (measured with Go 1.26), unless GOGC is set already.
 */
export const goBuild = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ CGO_ENABLED: '0', GOWORK: 'off' },
  ...(totalmem() >= 8e9 && { GOGC: process.env.GOGC ?? '400' }),
});
