import { mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MNIST_FILES } from '../../../src/data/files/image-sources.js'
import { readImages } from '../../../src/data/files/read-images.js'
import { barImages, writeImageFiles } from '../../support/small-images.js'
import '../../support/guard.js'

let folder = ''
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'antidrome-images-'))
  writeImageFiles(folder, { train: 6, test: 3 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('readImages', () => {
  it('reads plain and packed files under all their names', async () => {
    const expected = { train: barImages(6), test: barImages(3) }
    expect(await readImages(folder, MNIST_FILES)).toEqual(expected)
    renameSync(at('t10k-images-idx3-ubyte'), at('t10k-images.idx3-ubyte'))
    renameSync(at('train-images-idx3-ubyte.gz'), at('train-images.idx3-ubyte.gz'))
    expect(await readImages(folder, MNIST_FILES)).toEqual(expected)
  })

  it('names a file that is missing, where it looked and how to get it', async () => {
    rmSync(at('t10k-labels-idx1-ubyte'))
    const mistake = expect.objectContaining({ code: 'DATA_FILE_MISSING' })
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow(mistake)
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow(
      `${at('t10k-labels-idx1-ubyte')}: file: found no such file, expected one of t10k-labels-idx1-ubyte, t10k-labels.idx1-ubyte, t10k-labels-idx1-ubyte.gz, t10k-labels.idx1-ubyte.gz. ${MNIST_FILES.remedy}`,
    )
    await expect(readImages(at('nowhere'), MNIST_FILES)).rejects.toThrow(mistake)
  })

  it('refuses a packed file that is cut off or damaged', async () => {
    const packed = at('train-images-idx3-ubyte.gz')
    const whole = readFileSync(packed)
    const damaged = expect.objectContaining({ code: 'DATA_FILE_DAMAGED' })
    truncateSync(packed, whole.length - 9)
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow(damaged)
    writeFileSync(packed, whole.with(whole.length >> 1, (whole[whole.length >> 1] as number) ^ 0xff))
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow(damaged)
  })

  it('names the file that is cut off, of another kind, or a folder', async () => {
    truncateSync(at('t10k-images-idx3-ubyte'), 100)
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow('t10k-images-idx3-ubyte: length: found 100 bytes')
    writeFileSync(at('t10k-images-idx3-ubyte'), readFileSync(at('t10k-labels-idx1-ubyte')))
    await expect(readImages(folder, MNIST_FILES)).rejects.toThrow('found 0x00000801, expected 0x00000803')
    rmSync(at('t10k-images-idx3-ubyte'))
    await expect(readImages(at('.'), MNIST_FILES)).rejects.toThrow(
      expect.objectContaining({ code: 'DATA_FILE_MISSING' }),
    )
  })
})
