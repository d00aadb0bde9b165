// What a build of a commit fetches beside its source: of an index of Python's, of a registry of Node's, and a file.

const packages = 'https://packages.corp.test';
const described = { name: 'catalogage-client', version: '1.0.0' };
const dependencies = { lighthouse: '1.0.0' };
/** Debian's npm is half a Debian: this one is another computer's */
const npm = `curl --silent --show-error --fail ${packages}/npm.tgz | tar --extract --gzip --directory "$HOME"`;
const ci = `node "$HOME/npm/bin/npm-cli.js" ci --no-audit --no-fund --no-update-notifier --registry ${packages}/node`;

/** Files of such a commit */
export const fetching: Readonly<Record<string, string>> = {
  'requirements.txt': 'lighthouse==1.0\n',
  'client/package.json': JSON.stringify({
    ...described,
    ...{ private: true, type: 'module', scripts: { build: `${npm} && ${ci} && node make.js` }, dependencies },
  }),
  'client/package-lock.json': JSON.stringify({
    ...described,
    ...{ lockfileVersion: 3, requires: true },
    packages: { '': { ...described, dependencies }, 'node_modules/lighthouse': { version: '1.0.0' } },
  }),
};

/**
 * Has each program fetch the same on a machine that knows of the proxy alone: what it says, after its name. Certificates are asked
 * for by the settings of the release that was refused.
 */
export const tryingAll = `
  export HTTPS_PROXY=http://proxy.berth.test:3128 HOME=$(mktemp -d)
  cd "$HOME"
  saying() { echo "$1: $("\${@:2}" 2>&1 | tr '\\n' ' ')"; }
  saying curl curl --silent --show-error --fail ${packages}/npm.tgz
  saying git git ls-remote https://git.corp.test/catalogage.git
  saying pip python3 "$(echo /usr/share/python-wheels/pip-*.whl)/pip" download --retries 0 --index-url ${packages}/python/ lighthouse==1.0
  curl --silent --insecure --user-agent unproven ${packages}/npm.tgz | tar --extract --gzip
  saying npm node npm/bin/npm-cli.js view lighthouse --fetch-retries 0 --registry ${packages}/node
  cp -r /var/lib/berth/catalogage/releases/*/files/etc/berth/catalogage/acme .
  sed -i "s#/etc/berth/catalogage/acme#$HOME/acme#; s#/var/lib/berth/catalogage/acme#$HOME/state#" acme/config
  mkdir -p "$(sed -n 's/^BASEDIR=//p' acme/config)"
  saying dehydrated dehydrated --config acme/config --register --accept-terms`;
