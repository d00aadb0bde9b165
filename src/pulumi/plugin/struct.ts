import structProto from 'google-protobuf/google/protobuf/struct_pb.js';
import { isObject, type Properties } from './values.ts';

/** Converts from the wire format; a missing struct gives no properties */
export function fromStruct(struct: structProto.Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Converts to the wire format; `undefined` properties are left out */
export function toStruct(properties: Properties): structProto.Struct {
  const struct = new structProto.Struct();
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) struct.getFieldsMap().set(key, toValue(value));
  }
  return struct;
}

function toValue(value: unknown): structProto.Value {
  const message = new structProto.Value();
  if (typeof value === 'string') return message.setStringValue(value);
  if (typeof value === 'boolean') return message.setBoolValue(value);
  if (typeof value === 'number') return message.setNumberValue(value);
  if (Array.isArray(value)) return message.setListValue(new structProto.ListValue().setValuesList(value.map(toValue)));
  if (isObject(value)) return message.setStructValue(toStruct(value));
  if (value === null || value === undefined) return message.setNullValue(structProto.NullValue.NULL_VALUE);
  throw new Error(`a property is a ${typeof value}; allowed: string, number, boolean, null, list or object`);
}
