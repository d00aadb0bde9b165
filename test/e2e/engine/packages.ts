import { inMachine, type TestStack } from '../stack.ts';

/**
 * Makes a package repository on a stack's machine: installed packages, rebuilt with newer versions
 * @param name also the suffix of the versions
 * @param change shell command that changes each package before it is built, run in the folder of its files
 */
export const repository = (stack: TestStack, name: string, packages: readonly string[], change = ':') =>
  inMachine(
    stack,
    `set -e; rm -rf /srv/${name}; mkdir -p /srv/${name}
     for package in ${packages.join(' ')}; do
       file=$package.deb; mkdir -p /srv/${name}/$package/DEBIAN; cd /srv/${name}/$package
       dpkg -L $package | while read -r path; do [ -d "$path" ] || [ ! -e "$path" ] || echo "$path"; done | tar -cPf - -T - | tar -xf -
       for part in preinst postinst prerm postrm conffiles; do
         [ ! -e /var/lib/dpkg/info/$package.$part ] || cp -p /var/lib/dpkg/info/$package.$part DEBIAN/$part
       done
       dpkg -s $package | sed -e '/^Status:/d' -e '/^Conffiles:/,/^[^ ]/{/^Conffiles:/d;/^ /d}' -e 's/^Version: .*/&+${name}/' >DEBIAN/control
       ${change}
       cd ..; dpkg-deb -Znone --build $package $file >/dev/null; rm -r $package
       { dpkg-deb --field $file; echo "Filename: ./$file"; echo "Size: $(stat -c %s $file)"; echo "SHA256: $(sha256sum <$file | cut -d ' ' -f 1)"; echo; } >>Packages
     done`,
  );

/** Makes these repositories the only package sources of a machine */
export const packagesFrom = (stack: TestStack, ...names: readonly string[]) =>
  inMachine(
    stack,
    `rm -f /etc/apt/sources.list.d/*; : >/etc/apt/sources.list
     for name in ${names.join(' ')}; do echo "deb [trusted=yes] file:/srv/$name ./" >>/etc/apt/sources.list; done`,
  );
