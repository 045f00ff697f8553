/** Reading and writing of network files. */
export { formatNetwork } from './format-network.js'
export { type ParseNetworkOptions, parseNetwork } from './parse-network.js'
