import { resolve } from 'node:path'
import type { Task } from '../../learning/task.js'
import { fashionMnist } from '../images/fashion-mnist.js'
import { type ImageTaskOptions, imageNetwork } from '../images/image-task.js'
import type { ImageSplits } from '../images/labelled-images.js'
import { mnist } from '../images/mnist.js'
import { FASHION_MNIST_FILES, MNIST_FILES } from './image-sources.js'
import { type ImageSource, readImages } from './read-images.js'

/**
 * The MNIST task from the files in a folder, see `readImages`; partitions elsewhere read them, too, and encode the images
 * themselves.
 *
 * Raises the `InputError`s of `readImages` and `mnist`.
 *
 * @example
 * const task = await readMnist('data', { shift: 1 })
 */
export function readMnist(folder: string, options: ImageTaskOptions = {}): Promise<Task> {
  return readTask({ name: 'readMnist', source: MNIST_FILES, create: mnist }, folder, options)
}

/**
 * The Fashion-MNIST task from the files in a folder, as `readMnist` does it.
 *
 * Raises the `InputError`s of `readImages` and `fashionMnist`.
 */
export function readFashionMnist(folder: string, options: ImageTaskOptions = {}): Promise<Task> {
  return readTask({ name: 'readFashionMnist', source: FASHION_MNIST_FILES, create: fashionMnist }, folder, options)
}

interface ImageKind {
  /** Of the function that reads it. */
  readonly name: string
  readonly source: ImageSource
  create(images: ImageSplits, options: ImageTaskOptions): Task
}

async function readTask(kind: ImageKind, folder: string, options: ImageTaskOptions): Promise<Task> {
  const { name, source, create } = kind
  // Errors in the options are reported before all the files are read.
  imageNetwork(options)
  const task = create(await readImages(folder, source), options)
  const given = [resolve(folder), structuredClone(options)]
  return { ...task, origin: { module: 'antidrome/data/files', name, arguments: given } }
}
