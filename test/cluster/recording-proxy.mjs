// Passes connections on from a port of this machine to the same port of another one, for each of its arguments
// `PORT=HOST`, and writes all that goes by to a file, its first argument. With `replay` as the second one it sends what a
// connection sent once more, in a connection of its own: when it has been answered to twice, which is when a link is open,
// and again before each later connection to that port.
import { createWriteStream } from 'node:fs'
import { connect, createServer } from 'node:net'

const [, , path, manner, ...ways] = process.argv
const file = createWriteStream(path)
const isReplaying = manner === 'replay'
const MOST_PARTS = 50

function replay(port, host, parts) {
  const socket = connect(port, host)
  let answer = ''
  socket.write(Buffer.concat(parts))
  socket.on('data', (part) => {
    answer += part.toString('latin1')
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    const [head, ...rest] = answer.split('\r\n\r\n')
    console.log(`replayed, and the answer was ${JSON.stringify([head.split('\r\n')[0], rest.join('')])}`)
  })
}

for (const way of ways) {
  const [port, host] = way.split('=')
  const beginnings = []
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    if (isReplaying) for (const parts of beginnings) replay(Number(port), host, parts)
    const begun = []
    beginnings.push(begun)
    near.on('data', (part) => begun.length < MOST_PARTS && begun.push(part))
    let answers = 0
    far.on('data', () => {
      if (++answers === 2 && isReplaying) replay(Number(port), host, begun)
    })
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
