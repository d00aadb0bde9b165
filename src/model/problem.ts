/** A mistake in an environment file */
export interface Problem {
  /** Path for `pulumi config set --path`, for example `berth:systems.basegun.domain` */
  path: string;
  /** Line in the file, where it is known */
  line?: number | undefined;
  /** The value as text; absent for secrets */
  value?: string;
  /** Completes "`<value>` …", or is a sentence of its own where there is no value */
  message: string;
  allowed?: string;
  fix?: string;
}
