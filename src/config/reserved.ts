// What is kept for documentation, and stands in a file until somebody puts in their own

/** RFC 2606: names that nobody can have */
export const exampleName = /(?:^|[.@])(?:example\.(?:com|net|org)|[^.@]+\.(?:example|invalid))$/;

/** RFC 5737: addresses that are nowhere */
export const documentationAddress = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./;

/** Thirty-two bytes that count up, in the place of a key */
export const sampleKey = / AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f(?: |$)| replace-me$/;
