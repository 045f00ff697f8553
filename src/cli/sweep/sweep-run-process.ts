// A training of a sweep, in a process of its own: it ends when the sweep does, however that may happen, so that none goes
// on writing where another sweep may continue.
const { stdin } = process
const end = () => process.exit(1)
stdin.once('end', end).once('error', end).resume()
// What is never said keeps no training from its end.
if ('unref' in stdin) stdin.unref()

await import('../main.js')
