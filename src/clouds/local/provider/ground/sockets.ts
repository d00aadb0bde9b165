/** A socket that listens, as the kernel's table names it */
export interface Listener {
  inode: string;
  uid: number;
}

/** Addresses that a listener on 127.0.0.1 would share, in the tables' own form: this one, any, and both as IPv6 */
const addresses = ['0100007F', '00000000', '00000000000000000000000000000000', '0000000000000000FFFF00000100007F'];

const listening = '0A';

/**
 * Who listens where nobody else can listen on 127.0.0.1 at that port any more.
 * @param table the text of /proc/net/tcp or /proc/net/tcp6
 */
export function listenerOf(port: number, table: string): Listener | undefined {
  const places = addresses.map((address) => `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`);
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  const row = rows.find(([, local = '', , state]) => state === listening && places.includes(local));
  return row && { uid: Number(row[7]), inode: row[9] ?? '' };
}
