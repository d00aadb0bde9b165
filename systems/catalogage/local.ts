/**
 * Options on this computer: the repository of `repository/`, whose programs need nothing but Debian's packages. Its
 * client's build script is run without npm, which would be half a Debian.
 */
export const localOptions = {
  ...{ ref: '1.0.0', repository: 'http://git.berth.test/catalogage.git' },
  ...{ domain: 'catalogage.localhost', tls: 'acme', contact: 'ops@example.org' },
  packages: [
    ...['nodejs', 'python3-venv', 'python3-fastapi', 'python3-uvicorn', 'python3-asyncpg', 'python3-alembic'],
    'python3-greenlet',
  ],
  build: [
    'python3 -m venv --system-site-packages venv',
    'cd client',
    `sh -c "$(node -p "require('./package.json').scripts.build")"`,
  ],
  web: { size: 'small', publish: { 443: 8448 } },
  database: { size: 'small' },
};
