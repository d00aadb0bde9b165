import { changed, type LastRelease } from '../byHand.ts';
import { edited } from './scene.ts';

/** Places before a step, by the step's class */
const steps = [
  ...(['Keep', 'MakeRoom', 'HostFiles', 'Pull', 'ReleaseFiles', 'CheckServices'] as const),
  ...(['Start', 'Replace', 'Switch', 'Drain', 'Finish'] as const),
] as const;

/** Places within a step: file of the release engine, and the line before which the place is */
const inside = {
  plan: ['converge', '    made = way_back.steps_back('],
  activate: ['host_files', '    for name in ACTIVATIONS:\n'],
  make_networks: ['services', '    names = tuple(f"{machine.system}-{name}" for name in names)\n'],
  await_healthy: ['services', '    began, asking = time.monotonic(), Asking('],
  routes_text: ['live', '    head = [f"# generation'],
  follows: ['edge', '    end, wrong = time.monotonic() + _FOLLOW_SECONDS'],
  prune_images: ['room', '    left = [image for image in noted'],
} as const;

export type Place = (typeof steps)[number] | keyof typeof inside;

/** Returns the release with an engine that sends itself a signal at a place */
export function armed(release: LastRelease, place: Place, signal: 'KILL' | 'TERM'): LastRelease {
  // Only in the process that converges, not in the one that watches for a killed one
  const shot = `if "converge" in __import__("sys").argv: __import__("os").kill(__import__("os").getpid(), __import__("signal").SIG${signal})\n`;
  return changed(release, (entries) => {
    if (!(place in inside)) {
      const does = '                actions[type(step)](work, step)\n';
      const step = `                if type(step).__name__ == "${place}":\n                    ${shot}`;
      return edited(entries, 'engine/act.py', (text) => text.replace(does, `${step}${does}`));
    }
    const [file, line] = inside[place as keyof typeof inside];
    return edited(entries, `engine/${file}.py`, (text) => text.replace(line, `    ${shot}${line}`));
  });
}
