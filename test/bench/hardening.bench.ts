import type { Measure } from '../../tools/lib/figures.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { inMachine, testStack } from '../e2e/stack.ts';
import { answersIn, askingScript, rulesTable, surprises } from '../render/hardening/ask.ts';
import { audited } from './hardening/audit.ts';
import { dockerRules } from './hardening/docker.ts';
import { lynisPart, unexplained } from './hardening/lynis.ts';

/** Asks a machine that runs Basegun the rules of CIS Docker, and has it audited by Lynis: two parts of docs/hardening.md */
export const measure: Measure = async ({ log }) => {
  const stack = await testStack();
  try {
    const { code, output } = await stack.up();
    if (code !== 0) throw new Error(output);
    const answers = answersIn(dockerRules, await inMachine(stack, askingScript(dockerRules)));
    const audit = await audited(stack, log);
    log(JSON.stringify({ answers, audit }));
    const surprising = [...surprises(dockerRules, answers), ...unexplained(audit)];
    for (const one of surprising) console.error(one);
    if (surprising.length === 0) {
      await writeMarked('docs/hardening.md', 'docker', rulesTable(dockerRules, answers));
      await writeMarked('docs/hardening.md', 'lynis', lynisPart(audit));
    }
    return [
      { name: 'rules and findings that no table explains', measured: surprising.length, unit: '', limit: 0 },
      { name: "Lynis' hardening index", measured: audit.index, unit: 'of 100' },
    ];
  } finally {
    await stack.remove();
  }
};
