import type { Command } from 'commander'
import { someText, wholeNumber, wrongValue } from '../../network/reading/flag-values.js'
import type { PortRange } from '../../streams/links/cannot-listen.js'
import { addJoinFlags, type JoinFlags } from '../join/join-flags.js'

/** What a worker is, on the command line. */
export interface WorkerFlags extends JoinFlags {
  readonly join: string
  readonly name?: string
  readonly slots: number
  readonly listen?: WorkerAddress | typeof NOWHERE
  readonly advertise?: AdvertisedAddress
  readonly data?: string
  readonly modules?: string
  readonly insecure: boolean
  readonly metricsPort?: number
  readonly json: boolean
}

/** No process can dial the processes of the worker. */
export const NOWHERE = 'none'

/** Where the processes of a worker listen: at any port, at one, or each at one of a range. */
export interface WorkerAddress {
  readonly host: string
  readonly ports: PortRange | null
}

export interface AdvertisedAddress {
  readonly host: string
  readonly port?: number
}

export function addWorkerFlags(command: Command, slots: number): Command {
  return addJoinFlags(command, 'URLs of NATS servers, such as nats://host:4222, with commas between several')
    .option(
      '--name <name>',
      'what people call this worker (default: the name of its machine)',
      someText('--name', 'a name'),
    )
    .option(
      '--slots <n>',
      'processes that it holds at most; each has one or more cores of a run',
      wholeNumber('--slots', 1, 4096),
      slots,
    )
    .option(
      '--listen <host:ports>',
      'address at which its processes listen, with a port or a range from which every slot has one, as in 0.0.0.0:7000-7007; or none, where no process can dial it, for runs with --transport nats (default: the one that the server sees, any free port)',
      (text: string) => (text === NOWHERE ? NOWHERE : workerAddress('--listen')(text)),
    )
    .option(
      '--advertise <host:port>',
      'what others dial instead, behind a router that passes on as many ports from this one as there are slots (default: as --listen)',
      advertisedAddress('--advertise'),
    )
    .option(
      '--data <dir>',
      'folder below which data sets may be read, by runs that name a folder there (default: none; spikes are sent)',
      someText('--data', 'a folder'),
    )
    .option(
      '--modules <dir>',
      'folder of modules of users, which are loaded where a run names one by its path in there and has the same code; code never travels (default: none; such runs are refused)',
      someText('--modules', 'a folder'),
    )
    .option(
      '--insecure',
      'links are not encrypted: anyone who sees the traffic can read and change what is computed',
      false,
    )
    .option(
      '--metrics-port <port>',
      'serve how it is doing to Prometheus at http://127.0.0.1:<port>/metrics, 0 for any free port (default: nowhere)',
      wholeNumber('--metrics-port', 0, 65_535),
    )
}

const MOST_PORT = 65_535

/** A parser of 10.0.0.7, 10.0.0.7:7000, 0.0.0.0:7000-7007 and [::1]:7000. */
export function workerAddress(flag: string): (text: string) => WorkerAddress {
  return (text) => {
    const [, bracketed, plain, first, last] =
      /^(?:\[([\da-f:.]+(?:%\w+)?)\]|([\w.-]+))(?::(\d{1,5})(?:-(\d{1,5}))?)?$/i.exec(text) ?? []
    const host = bracketed ?? plain
    const [from, to] = [Number(first ?? 0), Number(last ?? first ?? 0)]
    const isRange = from <= to && to <= MOST_PORT && (from > 0 || last === undefined)
    if (host === undefined || !isRange)
      throw wrongValue(flag, text, 'HOST, HOST:PORT or HOST:FROM-TO with ports up to 65535')
    return { host, ports: from === 0 ? null : { from, to } }
  }
}

/** A parser of name.example or name.example:7000. */
export function advertisedAddress(flag: string): (text: string) => AdvertisedAddress {
  const parse = workerAddress(flag)
  return (text) => {
    const { host, ports } = parse(text)
    if (ports !== null && ports.from !== ports.to)
      throw wrongValue(flag, text, 'HOST or HOST:PORT, the first of its ports')
    return ports === null ? { host } : { host, port: ports.from }
  }
}
