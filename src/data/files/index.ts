export { FASHION_MNIST_FILES, MNIST_FILES } from './image-sources.js'
export { readFashionMnist, readMnist } from './read-image-task.js'
export { type ImageSource, readImages } from './read-images.js'
