// The fields that systems build their options from, as their authors see them: each has its form, its examples, and what a
// person is told of a wrong value. `.describe(…)` replaces its description; its errors stay.

export {
  certificateArn,
  debianPackage,
  domainName as domain,
  emailAddress as email,
  environmentVariables as env,
  gitRepository,
  imageReference as image,
  otherNames,
  secretFiles,
  secretFilesByVariable,
  tlsFields as tls,
  uploads,
  version,
} from './fields.ts';
export {
  cacheOptions as cache,
  dataMachineOptions as dataMachine,
  fleetOptions as fleet,
  loneMachineOptions as loneMachine,
  machineOptions as machine,
} from './machineFields.ts';
export { workerOptions as workers } from './workerFields.ts';
