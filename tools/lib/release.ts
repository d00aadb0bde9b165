/** What a release of berth is made from */
export interface Sources {
  /** The tag that is released, such as v0.2.0 */
  tag: string;
  /** `version` of package.json */
  version: string;
  /** Text of CHANGELOG.md */
  changelog: string;
}

/**
 * Returns the notes of a release: the changelog's section of its version
 * @throws with everything that keeps the tag from being a release
 */
export function releaseNotes({ tag, version, changelog }: Sources): string {
  const problems: string[] = [];
  if (!/^v\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(tag)) {
    problems.push(`the tag "${tag}" is not a version: it has the form v0.2.0, or v0.2.0-rc.1`);
  } else if (tag !== `v${version}`) {
    problems.push(`the tag is ${tag} and package.json says ${version}: run npm version ${tag.slice(1)} before the tag`);
  }
  const notes = sectionOf(changelog, version);
  if (notes === undefined) problems.push(`CHANGELOG.md has no section "## ${version}": rename "## Unreleased" to it`);
  else if (notes === '') problems.push(`the section "## ${version}" of CHANGELOG.md is empty`);
  if (problems.length > 0) throw new Error(`nothing was released:\n  ${problems.join('\n  ')}`);
  return notes ?? '';
}

/** Returns the text below a heading of the second level, which may name a date after the version */
function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.split(/\s/, 1)[0] === version);
  return found?.slice(found.indexOf('\n') + 1).trim();
}

/** Returns whether a version is one to try, which does not become the one that is installed without a version */
export const isPreliminary = (version: string): boolean => version.includes('-');
