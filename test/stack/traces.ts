import { trace } from '../../src/hosts/trace.ts';

// As in the program: without it, the traces of Pulumi's promises take a third of all time
Error.prepareStackTrace = trace;
