import { resolve } from 'node:path'
import type { Task } from '../../learning/task.js'
import { fashionMnist } from '../images/fashion-mnist.js'
import type { ImageTaskOptions } from '../images/image-task.js'
import { mnist } from '../images/mnist.js'
import { FASHION_MNIST_FILES, MNIST_FILES } from './image-sources.js'
import { readImages } from './read-images.js'

/**
 * The MNIST task from the files in a folder; partitions elsewhere read them, too, if they find the same there.
 *
 * Raises the `InputError`s of `readImages` and `mnist`.
 *
 * @example
 * const task = await readMnist('data', { shift: 1 })
 */
export async function readMnist(folder: string, options: ImageTaskOptions = {}): Promise<Task> {
  const task = mnist(await readImages(folder, MNIST_FILES), options)
  return withOrigin(task, 'readMnist', folder, options)
}

/** The Fashion-MNIST task from the files in a folder, in the same way. */
export async function readFashionMnist(folder: string, options: ImageTaskOptions = {}): Promise<Task> {
  const task = fashionMnist(await readImages(folder, FASHION_MNIST_FILES), options)
  return withOrigin(task, 'readFashionMnist', folder, options)
}

function withOrigin(task: Task, name: string, folder: string, options: ImageTaskOptions): Task {
  const given = [resolve(folder), structuredClone(options)]
  return { ...task, origin: { module: 'antidrome/data/files', name, arguments: given } }
}
