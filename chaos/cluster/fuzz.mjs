// Connects to the addresses that its arguments name, again and again, and says what nobody expects. Every second it writes
// how many connections there were so far.
import { randomBytes, randomInt } from 'node:crypto'
import { connect } from 'node:net'

const targets = process.argv.slice(2).map((text) => {
  const [host, port] = text.split(':')
  return { host, port: Number(port) }
})

/** A record of TLS that begins a handshake, whose end never comes. */
const HALF_A_HELLO = Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), randomBytes(40)])
const UPGRADE = [
  'GET /0/control HTTP/1.1',
  'Host: x',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  '',
  '',
].join('\r\n')

const manners = [
  (socket) => socket.write(randomBytes(randomInt(1, 5000))),
  (socket) => socket.write(HALF_A_HELLO),
  (socket) => {
    socket.write(UPGRADE)
    socket.write(randomBytes(randomInt(1, 500)))
  },
  (socket) => socket.write(`CONNECT {"verbose":true}\r\nPUB antidrome.workers 2\r\n{}\r\n`),
  (socket) => {
    const timer = setInterval(() => socket.write(randomBytes(1)), 50)
    socket.on('close', () => clearInterval(timer))
  },
  (socket) => socket.resetAndDestroy(),
  () => undefined,
]

const MOST_OPEN = 30
/** In ms. */
const PAUSE = 20
const LONGEST = 5000

let count = 0
let open = 0
setInterval(() => {
  if (open >= MOST_OPEN) return
  const { host, port } = targets[randomInt(targets.length)]
  const socket = connect({ host, port })
  open++
  const timer = setTimeout(() => socket.destroy(), randomInt(LONGEST))
  socket.on('connect', () => {
    count++
    manners[randomInt(manners.length)](socket)
  })
  socket.on('data', () => undefined)
  socket.on('error', () => undefined)
  socket.on('close', () => {
    open--
    clearTimeout(timer)
  })
}, PAUSE)
console.log('begins')
setInterval(() => console.log(count), 1000)
