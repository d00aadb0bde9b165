/** Names under which other tools have an option of a system, by the option, the best first */
export const otherNames: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain', 'domain_name', 'site_domain', 'public_domain', 'app_domain', 'server_name', 'fqdn', 'web_domain'],
  contact: [
    'contact',
    'letsencrypt_email',
    'acme_email',
    'tls_email',
    'certbot_email',
    'certbot_admin_email',
    'admin_email',
    'email',
  ],
  version: ['version', 'app_version', 'release', 'app_release', 'image_tag', 'docker_tag', 'app_tag', 'tag'],
  ref: [
    'ref',
    'git_ref',
    'git_version',
    'git_revision',
    'revision',
    'commit',
    'git_branch',
    'env_branch',
    'branch',
    'version',
  ],
  repository: ['repository', 'git_repository', 'git_repo', 'repo_url', 'git_url', 'repo'],
  region: ['region'],
};

/** Names of variables that hold a block of environment variables */
export const variableBlocks = /(?:^|_)(?:env|environment|env_vars|environment_variables|dotenv)$/i;

/** Whether a name is one of an environment variable, as applications have them */
export const isVariableName = (name: string): boolean => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(name);
