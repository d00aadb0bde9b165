/** Names of the secrets that hold a system's own TLS certificate and its private key */
export const certificateSecret = 'certificate';
export const certificateKeySecret = 'certificateKey';
