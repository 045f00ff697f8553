// Passes connections on from a port of this machine to the same port of another one, for each of its arguments
// `PORT=HOST`, and writes all that goes by to a file, its first argument.
import { createWriteStream } from 'node:fs'
import { connect, createServer } from 'node:net'

const [, , path, ...ways] = process.argv
const file = createWriteStream(path)
for (const way of ways) {
  const [port, host] = way.split('=')
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('data', (part) => file.write(part))
      one.on('error', () => other.destroy())
      one.pipe(other)
    }
  })
  server.listen(Number(port), '0.0.0.0', () => console.log(`listens at ${port}`))
}
