import type { Labels } from './labels.js'

const mask = (1n << 64n) - 1n
const primes = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const
const [prime1, prime2, prime3, prime4, prime5] = primes

/** Returns the number by which Loki orders lines of the same time in different streams: xxHash64 of the stream's labels. */
export function streamHash(labels: Labels): bigint {
  const separator = Buffer.from([0xff])
  const parts = Object.keys(labels)
    .sort()
    .flatMap((name) => [Buffer.from(name), separator, Buffer.from(labels[name] ?? ''), separator])
  return xxHash64(Buffer.concat(parts))
}

/** xxHash64 with the seed 0, as its specification has it (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
function xxHash64(bytes: Buffer): bigint {
  let at = 0
  let hash: bigint
  if (bytes.length >= 32) {
    const lanes: bigint[] = [(prime1 + prime2) & mask, prime2, 0n, -prime1 & mask]
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane] as bigint, bytes.readBigUInt64LE(at + 8 * lane))
    const rotations = [1, 7, 12, 18]
    hash = lanes.reduce((sum, lane, index) => sum + rotate(lane, rotations[index] as number), 0n) & mask
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * prime1 + prime4) & mask
  } else hash = prime5
  hash = (hash + BigInt(bytes.length)) & mask
  for (; at + 8 <= bytes.length; at += 8)
    hash = (rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27) * prime1 + prime4) & mask
  for (; at + 4 <= bytes.length; at += 4)
    hash = (rotate(hash ^ ((BigInt(bytes.readUInt32LE(at)) * prime1) & mask), 23) * prime2 + prime3) & mask
  for (; at < bytes.length; at++) hash = (rotate(hash ^ ((BigInt(bytes[at] ?? 0) * prime5) & mask), 11) * prime1) & mask
  hash = ((hash ^ (hash >> 33n)) * prime2) & mask
  hash = ((hash ^ (hash >> 29n)) * prime3) & mask
  return hash ^ (hash >> 32n)
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * prime2) & mask, 31) * prime1) & mask
}

function rotate(value: bigint, bits: number): bigint {
  return ((value << BigInt(bits)) | (value >> BigInt(64 - bits))) & mask
}
