import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the site whose text is a file of the checkout */
export interface Written {
  /** From the checkout */
  file: string;
  /** On the site, without its ending */
  path: string;
  /** In the navigation */
  label: string;
}

export interface Group {
  label: string;
  pages: readonly Written[];
}

const page = (file: string, path: string, label: string): Written => ({ file, path, label });
const guide = (name: string, label: string): Written => page(`docs/${name}.md`, name, label);

/**
 * The pages that are written by hand, in the order of the navigation; everything else on the site is made from the program
 * @param checkout whose systems have a page each
 */
export const written = (checkout: string): readonly Group[] => [
  {
    label: 'Begin',
    pages: [
      page('docs/README.md', 'index', 'What berth is'),
      guide('start', 'Five minutes'),
      guide('new', 'A system of your own'),
      guide('coming-from', 'Coming from other tools'),
      guide('adopt', 'Moving in'),
      guide('questions', 'Questions'),
    ],
  },
  {
    label: 'Deploy',
    pages: [
      guide('deploying', 'From a change to machines'),
      guide('releases', 'How a release works'),
      guide('clouds', 'Clouds'),
      guide('kubernetes', 'Kubernetes'),
      guide('monitoring', 'Monitoring and alerts'),
      page('SECURITY.md', 'security', 'Security'),
      guide('hardening', 'Hardening, measured'),
      guide('reliability', 'Reliability and performance'),
      guide('performance', 'Performance beside other tools'),
    ],
  },
  {
    label: 'Systems',
    pages: readdirSync(join(checkout, 'systems'))
      .map((name) => page(`systems/${name}/README.md`, `systems/${name}`, capitalised(name)))
      .filter(({ file }) => existsSync(join(checkout, file))),
  },
  { label: 'Reference', pages: [guide('commands', 'Exit codes, completion')] },
  {
    label: 'The project',
    pages: [page('CONTRIBUTING.md', 'contributing', 'Contributing'), page('CHANGELOG.md', 'changelog', 'Changes')],
  },
];

const capitalised = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
