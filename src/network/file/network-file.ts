/** Reading and writing of network files. */
export { type FormatNetworkOptions, formatNetwork } from './format-network.js'
export { type ParseNetworkOptions, parseNetwork } from './parse-network.js'
