import { textField } from '../config/guide.ts';

/** The setting that names a project of OVH's Public Cloud */
export const ovhProject = textField({
  noun: 'the id of a project',
  description: 'The id of the Public Cloud project, shown at the top of its page.',
  examples: ['0123456789abcdef0123456789abcdef'],
  allowed: '32 hexadecimal digits',
  pattern: /^[0-9a-f]{32}$/,
  placeholder: /^(?:0123456789abcdef){2}$/,
});
