import { describe, expect, it } from 'vitest'
import { fashionMnist } from '../../../src/data/images/fashion-mnist.js'
import { parseLabelledImages } from '../../../src/data/images/labelled-images.js'
import { mnist } from '../../../src/data/images/mnist.js'
import { barImages, idxBytes } from '../../support/small-images.js'

const images = { train: barImages(60), test: barImages(10) }

describe('mnist', () => {
  it('keeps the last twelfth of the training images for validation', () => {
    const task = mnist(images)
    expect([task.train.size, task.validation.size, task.test.size]).toEqual([55, 5, 10])
    expect([...task.validation.labels]).toEqual([...images.train.labels.subarray(55)])
    const whole = mnist({ ...images, test: images.train }).test
    expect(task.validation.encode(Uint32Array.of(2))).toEqual(whole.encode(Uint32Array.of(57)))
  })

  it('tells how its samples are made, and nothing of the network', () => {
    expect(mnist(images, { shift: 1, hidden: 5 }).settings).toEqual({
      inputSpan: 20,
      pixelThreshold: 1,
      shift: 1,
      until: 20.5,
    })
  })

  it('is 784-350-10 with integrators by default', () => {
    const { network, loss, until } = mnist(images)
    expect(network.groups.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['input', 'source', 784],
      ['hidden', 'lif', 350],
      ['output', 'li', 10],
    ])
    expect({ loss, until }).toEqual({ loss: { kind: 'vMax', group: 'output' }, until: 20.5 })
  })

  it('refuses images of another size and options that cannot be', () => {
    const small = { size: 1, rows: 8, columns: 8, pixels: new Uint8Array(64), labels: new Uint8Array(1) }
    expect(() => mnist({ ...images, test: small })).toThrow('test: found images of 8 x 8 pixels, expected 28 x 28')
    expect(() => mnist(images, { shift: 0.5 })).toThrow('options.shift: found 0.5, expected an integer from 0')
    expect(() => fashionMnist(images, { pixelThreshold: 255 })).toThrow('options.pixelThreshold')
    expect(() => fashionMnist(images, { hidden: [10, 0] })).toThrow('options.hidden[1]: found 0')
  })
})

describe('parseLabelledImages', () => {
  const file = (name: string, bytes: Uint8Array) => ({ file: name, bytes })
  const pixels = file('images', idxBytes([2, 1, 2], [1, 2, 3, 4]))

  it('joins images and labels', () => {
    expect(parseLabelledImages(pixels, file('labels', idxBytes([2], [1, 0])), 2)).toEqual({
      size: 2,
      rows: 1,
      columns: 2,
      pixels: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(1, 0),
    })
  })

  it('refuses other counts and labels out of range, with file and place', () => {
    expect(() => parseLabelledImages(pixels, file('labels', idxBytes([3], [1, 0, 1])), 2)).toThrow(
      'labels: labels: found 3 labels, expected 2, one per image of images',
    )
    expect(() => parseLabelledImages(pixels, file('labels', idxBytes([2], [1, 2])), 2)).toThrow(
      'labels: labels[1]: found 2, expected a class from 0 to 1',
    )
  })
})
