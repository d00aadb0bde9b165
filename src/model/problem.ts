/** One thing to correct in an environment file */
export interface Problem {
  /** As `pulumi config set --path` takes it, for example `berth:systems.basegun.domain` */
  path: string;
  /** Where it stands in the file, where that is known */
  line?: number | undefined;
  /** As it is shown; never a secret's */
  value?: string;
  /** Completes "`<value>` …", or stands alone */
  message: string;
  allowed?: string;
  fix?: string;
}
