/** Reading and writing of network files. */
export { formatNetwork } from './format-network.js'
export { parseNetwork } from './parse-network.js'
