// Fields for the options of systems, under the names that authors of systems use. Each has its pattern, examples and
// error messages. `.describe(…)` replaces its description; its error messages stay.

export { backupOptions as backups } from './backupFields.ts';
export { cacheOptions as cache } from './cacheFields.ts';
export {
  certificateArn,
  debianPackage,
  domainName as domain,
  emailAddress as email,
  environmentVariables as env,
  gitRepository,
  imageReference as image,
  otherNamesFields as otherNames,
  secretFiles,
  secretFilesByVariable,
  uploads,
  version,
  withTls,
} from './fields.ts';
export {
  databaseOptions as database,
  dataMachineOptions as dataMachine,
  fleetOptions as fleet,
  loneMachineOptions as loneMachine,
  machineOptions as machine,
} from './machineFields.ts';
export { runtimeOptions as runtimes } from './runtimeFields.ts';
export { workerOptions as workers } from './workerFields.ts';
