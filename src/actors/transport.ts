/**
 * What joins the partitions of a cluster: nothing but calls in this process, threads, or processes and websockets, over
 * TCP or over Unix sockets of this machine; or, between workers of other machines that cannot be dialled, a NATS server.
 */
export type Transport = 'local' | 'thread' | 'websocket' | 'unix' | 'nats'

/**
 * A transport, or 'auto': processes over websockets if an address is given or partitions may be restarted, as processes
 * outlive one that dies; else threads, which start sooner and exchange more in less time.
 */
export type TransportChoice = Transport | 'auto'

/**
 * What 'auto' stands for.
 *
 * @param needs whether others have to reach the partitions at an address, and whether they may be restarted
 */
export function chooseTransport(needs: { readonly address: boolean; readonly restarts: boolean }): Transport {
  return needs.address || needs.restarts ? 'websocket' : 'thread'
}

/** Largest number of processes or threads that hold the cores if the options do not state a number. */
export function mostProcesses(transport: TransportChoice): number {
  return transport === 'auto' ? hardwareThreads() : Number.POSITIVE_INFINITY
}

/** How many threads this machine runs at a time. */
function hardwareThreads(): number {
  // Without an import, for which a synchronous call cannot wait. Node.js 20 has no `navigator`.
  const system = globalThis.process?.getBuiltinModule?.('node:os')
  const { navigator: browser } = globalThis as { readonly navigator?: { readonly hardwareConcurrency: number } }
  return system?.availableParallelism() ?? browser?.hardwareConcurrency ?? 1
}
