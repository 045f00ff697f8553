import type { Task } from '../../learning/task.js'
import { type ImageTaskOptions, imageTask } from './image-task.js'
import type { ImageSplits } from './labelled-images.js'

export const MNIST_CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/**
 * The MNIST task: tell handwritten digits apart, each pixel a spike that comes the earlier the brighter it is.
 *
 * 784 inputs, 350 hidden neurons and 10 leaky integrators by default, of which the one that rises highest decides.
 * Splits of 55,000, 5000 and 10,000 images: validation is the last 5000 training images.
 *
 * Raises `InputError` IMAGE_SIZE, LABEL_OUT_OF_RANGE, and for options that cannot be.
 *
 * @example
 * const task = mnist(await readImages('data', MNIST_FILES), { shift: 1 })
 *
 * Source: LeCun, Cortes & Burges, the MNIST database; encoding as in Wunderlich & Pehle 2021 (Sci. Rep. 11:12829).
 */
export function mnist(images: ImageSplits, options: ImageTaskOptions = {}): Task {
  return imageTask('mnist', MNIST_CLASSES, images, options)
}
