import { changed, type LastRelease, type Sending } from '../../byHand.ts';
import { inMachine, type TestStack } from '../../stack.ts';
import { edited } from '../scene.ts';
import type { StepName } from './names.ts';

/** The engine stands before the step until it is told to go on, once; then it may find that the clock went back */
const waits = `import os, time
from pathlib import Path

REACHED, GO = Path("/run/berth-test-reached"), Path("/run/berth-test-go")


def here() -> None:
    if REACHED.exists():
        return
    REACHED.touch()
    end = time.monotonic() + 120
    while not GO.exists() and time.monotonic() < end:
        time.sleep(0.02)
    if GO.exists() and GO.read_text() == "clock back":
        _clock_back()


def _clock_back() -> None:
    now, broken_down = time.time, time.gmtime
    time.time = lambda: now() - 3600
    time.gmtime = lambda seconds=None: broken_down(time.time() if seconds is None else seconds)
`;

/** Returns the release with an engine that waits at the beginning of a step */
export const paused = (release: LastRelease, step: StepName): LastRelease =>
  changed(release, (entries) => {
    const does = '                actions[type(step)](work, step)\n';
    const asks = `                if type(step).__name__ == "${step}":\n                    paused.here()\n`;
    const armed = edited(entries, 'engine/act.py', (text) =>
      text.replace(does, `${asks}${does}`).replace('import history\n', 'import history\nimport paused\n'),
    );
    return { ...armed, 'engine/paused.py': waits };
  });

/** Forgets the last pause */
export const forgetPause = (stack: TestStack): Promise<string> =>
  inMachine(stack, 'rm -f /run/berth-test-reached /run/berth-test-go');

/** Waits until the release stands at its step. @throws with what it said where it ends before */
export async function reached(stack: TestStack, sending: Sending): Promise<void> {
  const stands = inMachine(stack, 'timeout 120 sh -c "until [ -e /run/berth-test-reached ]; do sleep 0.05; done"');
  const ended = sending.done.then((sent) => {
    throw new Error(`the release ended before its step: ${sent.code}\n${sent.output}`);
  });
  await Promise.race([stands, ended]);
  ended.catch(() => undefined);
}

/** Lets the release go on */
export const goOn = (stack: TestStack, word: '' | 'clock back' = ''): Promise<string> =>
  inMachine(stack, `printf '%s' '${word}' >/run/.berth-test-go && mv /run/.berth-test-go /run/berth-test-go`);
