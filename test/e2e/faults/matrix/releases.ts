import { parse, stringify } from 'yaml';
import { changed, type Entries, type LastRelease, releaseIn, renamed, withRelease } from '../../byHand.ts';
import { anew, edited, type Scene } from '../scene.ts';

/** Two releases of which each changes everything that the other has: host files, images, jobs, services of all kinds */
export const wholeReleases = ({ releases }: Scene): Record<'3.3.0' | '3.3.1', LastRelease> => ({
  '3.3.0': changed(releases['3.3.0'], (entries) => named(withJob(withRule(entries, 9), 'a'), 'a')),
  '3.3.1': changed(releases['3.3.1'], (entries) => named(withJob(withRule(anew(entries, 'filebeat'), 19), 'b'), 'b')),
});

/** Another name of the release: its content is no longer what its own hash says */
const named = (entries: Entries, letter: string): Entries => {
  const { name } = releaseIn(entries);
  return renamed(entries, name, letter.repeat(name.length));
};

/** A further rule of the firewall, which changes nothing that is asked here */
const withRule = (entries: Entries, port: number): Entries => {
  const rule = `    tcp dport ${port} drop comment "a rule of its own"\n`;
  return edited(entries, 'files/etc/berth/firewall.nft.conf', (text) => text.replace(/.*dport 22.*\n/, `${rule}$&`));
};

/** A job of the release, as a migration is one */
function withJob(entries: Entries, letter: string): Entries {
  const image = (parse(entries['colours.yaml'] ?? '') as { services: { backend: { image: string } } }).services.backend
    .image;
  const definition = letter.repeat(16);
  const service = {
    image,
    command: ['python3', '-c', 'print("migrated")'],
    ...{ init: true, network_mode: 'none', pull_policy: 'never' },
    labels: {
      'berth.system': 'basegun',
      'berth.service': 'job-migrate-1',
      'berth.definition': definition,
      'berth.job': 'migrate',
    },
  };
  const step = { service: 'job-migrate-1', definition, calls: [] };
  const job = { name: 'migrate', when: 'release', definition, deadlineSeconds: 60, memoryMb: 64, steps: [step] };
  const release = releaseIn(entries);
  return withRelease(
    { ...entries, 'jobs.yaml': stringify({ services: { 'job-migrate-1': service } }) },
    () => ({ ...release, jobs: [job] }) as typeof release,
  );
}
