export const rootPassword = 'the-administrator-0123456789';

/** Secrets of Lostops with a machine that watches the others */
export const secrets = {
  appKey: 'base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
  databasePassword: 'the-application-0123456789',
  databaseRootPassword: rootPassword,
  exporterPassword: 'the-exporter-0123456789',
  grafanaPassword: 'the-grafana-0123456789',
  // As `htpasswd -nbB operator looking` prints it
  monitoringUsers: 'operator:$2b$05$RRBP5gokTlPGjiX9ruwiPu.Sfqe4pDbzUpfj2Um66UkfQKtJn1hWS',
} as const;
