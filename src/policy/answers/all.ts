import type { Answers } from '../recorded.ts';
import { awsAnswers, awsFunctions } from './aws.ts';
import { azureAnswers, azureFunctions } from './azure.ts';
import { localAnswers } from './local.ts';
import { openstackAnswers, openstackFunctions } from './openstack.ts';

/** What the clouds' providers would answer, so that everything downstream is known */
export const answers: Answers = { ...localAnswers, ...openstackAnswers, ...azureAnswers, ...awsAnswers };

/** What their functions would */
export const functions: Answers = { ...openstackFunctions, ...azureFunctions, ...awsFunctions };
