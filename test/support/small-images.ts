import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The bytes of an IDX file of unsigned bytes. */
export function idxBytes(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x800 + shape.length)
  for (const [d, size] of shape.entries()) view.setUint32(4 + 4 * d, size)
  bytes.set(values, 4 + 4 * shape.length)
  return bytes
}

/** Images of 28 x 28 pixels in two classes: a bright bar above or below. */
export function barImages(size: number) {
  const pixels = new Uint8Array(size * 784)
  const labels = Uint8Array.from({ length: size }, (_, image) => image % 2)
  for (let image = 0; image < size; image++) {
    const top = image % 2 === 0 ? 6 : 20
    for (let pixel = 0; pixel < 60; pixel++) pixels[image * 784 + top * 28 + pixel] = 120 + ((image * 7 + pixel) % 130)
  }
  return { size, rows: 28, columns: 28, pixels, labels }
}

/** The files of a small image task, as in the original: three plain, one packed. */
export function writeImageFiles(folder: string, sizes: { readonly train: number; readonly test: number }): void {
  for (const [name, size] of [['train', sizes.train] as const, ['t10k', sizes.test] as const]) {
    const { rows, columns, pixels, labels } = barImages(size)
    const images = idxBytes([size, rows, columns], pixels)
    if (name === 'train') writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(images))
    else writeFileSync(join(folder, `${name}-images-idx3-ubyte`), images)
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), idxBytes([size], labels))
  }
}
