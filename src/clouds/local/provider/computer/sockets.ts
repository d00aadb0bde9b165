/** A listening socket in the kernel's table */
export interface Listener {
  inode: string;
  uid: number;
}

/**
 * Local addresses that conflict with a listener on 127.0.0.1, in the table's format: 127.0.0.1, any, and both as IPv6
 */
const addresses = ['0100007F', '00000000', '00000000000000000000000000000000', '0000000000000000FFFF00000100007F'];

const listening = '0A';

/**
 * Returns the socket that occupies a port of 127.0.0.1
 * @param table text of /proc/net/tcp or /proc/net/tcp6
 */
export function listenerOf(port: number, table: string): Listener | undefined {
  const places = addresses.map((address) => `${address}:${port.toString(16).toUpperCase().padStart(4, '0')}`);
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  const row = rows.find(([, local = '', , state]) => state === listening && places.includes(local));
  return row && { uid: Number(row[7]), inode: row[9] ?? '' };
}
