/** A file of an archive, owned by root; missing folders are created */
export interface ArchivedFile {
  /** Relative path, at most 100 bytes */
  path: string;
  mode: number;
  text: string;
}

/**
 * Returns a tar archive in ustar format: the only way to give docker a file without writing it to the host's file
 * system
 */
export function dump(files: readonly ArchivedFile[]): Uint8Array {
  const end = Buffer.alloc(2 * BLOCK);
  return Buffer.concat([...files.flatMap(({ path, mode, text }) => entry(path, mode, Buffer.from(text))), end]);
}

/** Returns the text of the only file in an archive, which must be ASCII */
export function onlyFile(archive: string): string {
  const size = Number.parseInt(archive.slice(124, 136), 8);
  return archive.slice(BLOCK, BLOCK + size);
}

const BLOCK = 512;

function entry(path: string, mode: number, content: Buffer): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(octal(sum, 7), 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** Returns a number of a header: octal digits, padded with zeros, and a terminating zero byte */
function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}
