/** The names of the secrets by which a system serves a certificate of its own */
export const certificateSecret = 'certificate';
export const certificateKeySecret = 'certificateKey';
