// What resources of a provider are written with. `serve` is apart: it loads the engine's protocol
export * from './plugin/handler.ts';
export {
  containsSecret,
  containsUnknown,
  equal,
  isSecret,
  markSecret,
  type Properties,
  textOrBytes,
  UNKNOWN,
  unwrap,
} from './plugin/values.ts';
