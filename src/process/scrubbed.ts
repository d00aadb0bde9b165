/** Shorter secrets would match ordinary words */
const shortest = 8;

/** Returns a text without these secrets: the last safeguard, after the engine's own */
export function scrubbed(text: string, secrets: readonly string[]): string {
  // A diff indents and quotes each line of a text
  const lines = secrets
    .flatMap((secret) => secret.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest)
    .flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]);
  const longestFirst = [...new Set(lines)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, line) => left.replaceAll(line, '[secret]'), text);
}
