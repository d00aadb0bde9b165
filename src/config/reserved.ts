// Values reserved for documentation, used as placeholders

/** Reserved domain names (RFC 2606) */
export const exampleName = /(?:^|[.@])(?:example\.(?:com|net|org)|[^.@]+\.(?:example|invalid))$/;

/** Addresses reserved for documentation (RFC 5737) */
export const documentationAddress = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./;

/** Sample key: thirty-two ascending bytes */
export const sampleKey = / AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f(?: |$)| replace-me$/;
