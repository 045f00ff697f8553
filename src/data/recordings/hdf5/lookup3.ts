/**
 * The checksum of structures of HDF5 files.
 *
 * Source: Jenkins, lookup3.c (2006), hashlittle with the initial value 0.
 */
export function lookup3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let a = (0xdeadbeef + bytes.length) | 0
  let [b, c] = [a, a]
  let at = 0
  for (; bytes.length - at > 12; at += 12) {
    a = (a + view.getUint32(at, true)) | 0
    b = (b + view.getUint32(at + 4, true)) | 0
    c = (c + view.getUint32(at + 8, true)) | 0
    a = (a - c) ^ rotated(c, 4)
    c = (c + b) | 0
    b = (b - a) ^ rotated(a, 6)
    a = (a + c) | 0
    c = (c - b) ^ rotated(b, 8)
    b = (b + a) | 0
    a = (a - c) ^ rotated(c, 16)
    c = (c + b) | 0
    b = (b - a) ^ rotated(a, 19)
    a = (a + c) | 0
    c = (c - b) ^ rotated(b, 4)
    b = (b + a) | 0
  }
  if (at === bytes.length) return c >>> 0
  const rest = new DataView(new ArrayBuffer(12))
  for (let k = 0; at + k < bytes.length; k++) rest.setUint8(k, bytes[at + k] as number)
  a = (a + rest.getUint32(0, true)) | 0
  b = (b + rest.getUint32(4, true)) | 0
  c = (c + rest.getUint32(8, true)) | 0
  c = ((c ^ b) - rotated(b, 14)) | 0
  a = ((a ^ c) - rotated(c, 11)) | 0
  b = ((b ^ a) - rotated(a, 25)) | 0
  c = ((c ^ b) - rotated(b, 16)) | 0
  a = ((a ^ c) - rotated(c, 4)) | 0
  b = ((b ^ a) - rotated(a, 14)) | 0
  c = ((c ^ b) - rotated(b, 24)) | 0
  return c >>> 0
}

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by))
