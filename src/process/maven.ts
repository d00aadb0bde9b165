import { requireProgram } from './debian.ts';
import { type RunOptions, runLogged } from './stage.ts';

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/**
 * Downloads by Maven, which is installed where it is missing (Debian's brings a Java runtime along)
 * @param why purpose, as the beginning of the error message
 * @param goal of Maven's plugin for dependencies, with its options
 */
export async function maven(
  why: string,
  [goal, ...words]: readonly [string, ...string[]],
  options: RunOptions,
): Promise<void> {
  await requireProgram({ program: 'mvn', packages: ['maven'], why: `${why}, which mvn downloads` }, options.log);
  await runLogged('mvn', ['-q', '-B', `${plugin}:${goal}`, ...words], { timeoutSeconds: 600, ...options });
}
