import type { Task } from '../../learning/task.js'
import { type ImageTaskOptions, imageTask } from './image-task.js'
import type { ImageSplits } from './labelled-images.js'

export const FASHION_MNIST_CLASSES = [
  'T-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const

/**
 * The Fashion-MNIST task: tell pieces of clothing apart, encoded and split as for `mnist`.
 *
 * Raises `InputError` IMAGE_SIZE, LABEL_OUT_OF_RANGE, and for options that cannot be.
 *
 * Source: Xiao, Rasul & Vollgraf 2017 (arXiv 1708.07747).
 */
export function fashionMnist(images: ImageSplits, options: ImageTaskOptions = {}): Task {
  return imageTask('fashion-mnist', FASHION_MNIST_CLASSES, images, options)
}
