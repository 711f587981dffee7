/** What a file may be compressed with. */
export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'zip'

/** Files are known by their first bytes, whatever they are called. */
const MAGIC: readonly (readonly [Compression, Buffer])[] = [
  // RFC 1952
  ['gzip', Buffer.from([0x1f, 0x8b])],
  // RFC 8878
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  // https://tukaani.org/xz/xz-file-format.txt
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['bzip2', Buffer.from('BZh')],
  // https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
  ['zip', Buffer.from('PK\u0003\u0004')],
]

/** So many bytes tell. */
export const MAGIC_BYTES = 6

/** By its first bytes; `undefined` for what is not compressed. */
export function compressionOf(head: Buffer): Compression | undefined {
  return MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic))?.[0]
}

/** A command that prints the content. */
export function commandFor(compression: Compression): string {
  return `${compression === 'zip' ? 'unzip -p' : `${compression} -dc`} FILE | throughline`
}
